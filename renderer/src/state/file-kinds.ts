import type { FileKind } from '../host/host'

/** Files of the app's own: what is chosen, and runs. */
export const moescopeFile: FileKind = { description: 'Moescope', extensions: ['moescope', 'json'] }
