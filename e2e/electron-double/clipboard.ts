import type { Clipboard } from 'electron'
import { modelled } from './modelled'

let held = ''

/** Electron's module `clipboard`, for text; it is the app's own. */
export const clipboard = modelled<Clipboard>('clipboard', {
  writeText: async (text) => {
    held = text
  },
  readText: async () => held
})
