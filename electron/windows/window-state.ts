import { z } from 'zod'
import type { Keep, Kept } from '../storage/kept'

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

/** Bounds and state of the first window when it was closed. */
export type WindowState = z.infer<typeof schema>

/** The state in the file `window.json`. */
export function createWindowState(keep: Keep): Kept<WindowState> {
  return keep('window.json', schema, { bounds: null, maximized: false, fullScreen: false, theme: 'system' })
}
