import { join } from 'node:path'
import { z } from 'zod'
import { type Kept, keep } from '../storage/kept'
import type { Turns } from '../storage/turns'

const schema = z.object({
  /** Place and size when neither maximised nor full screen; null before the first time. */
  bounds: z
    .object({ x: z.int(), y: z.int(), width: z.int().min(100).max(100_000), height: z.int().min(100).max(100_000) })
    .nullable(),
  maximized: z.boolean(),
  fullScreen: z.boolean(),
  /** Known before the page is, so that the window is not white for a moment in the dark. */
  theme: z.enum(['system', 'light', 'dark'])
})

/** How the first window looked when it was closed. */
export type WindowState = z.infer<typeof schema>

/** The state in the file `window.json` of a folder. */
export function createWindowState(folder: string, turns: Turns, complain: (reason: string) => void): Kept<WindowState> {
  const otherwise: WindowState = { bounds: null, maximized: false, fullScreen: false, theme: 'system' }
  return keep(join(folder, 'window.json'), schema, otherwise, turns, complain)
}
