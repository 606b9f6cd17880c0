import { z } from 'zod'
import { limits } from '../compare/choices'

export const themes = ['system', 'light', 'dark'] as const

export const textSizes = [100, 110, 125, 150, 175, 200] as const

export const maxThreads = 64

/** Widths of exported pictures in CSS pixels, 96 to an inch: a column of 90 mm, a page of 180 mm, a slide; and their limits. */
export const pictureWidths = { least: 280, most: 2400, column: 340, page: 680, slide: 1120 } as const

export const pictureGrounds = ['light', 'dark', 'transparent'] as const

/** Settings of this machine; kept apart from the choices, so that no link carries them. */
export const settingsSchema = z.object({
  theme: z.enum(themes).default('system'),
  /** Per cent. */
  textSize: z.int().min(100).max(200).default(100),
  /** `reduce` shows no motion, whatever the system says. */
  motion: z.enum(['system', 'reduce']).default('system'),
  backend: z.enum(['wasm', 'webgpu']).default('wasm'),
  /** Threads that one graph may use; 0 chooses by the machine. */
  threads: z.int().min(0).max(maxThreads).default(0),
  /** Seed of a new comparison. */
  seed: z.int().min(0).max(limits.seed).default(7),
  /** Of exported pictures: width in CSS pixels, and ground. */
  pictureWidth: z.int().min(pictureWidths.least).max(pictureWidths.most).default(pictureWidths.page),
  pictureGround: z.enum(pictureGrounds).default('light')
})

export type Settings = z.infer<typeof settingsSchema>

export const defaultSettings: Settings = settingsSchema.parse({})
