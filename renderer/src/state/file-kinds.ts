import type { FileKind } from '../host/host'

/** Files of the app's own: what is chosen, and runs. */
export const moescopeFile: FileKind = { description: 'Moescope', extensions: ['moescope', 'json'] }

/** Everything that can be opened. */
export const openableFile: FileKind = {
  description: 'Moescope state, run, routing trace or config.json',
  extensions: ['moescope', 'json', 'safetensors', 'npy', 'npz', 'pt', 'jsonl', 'csv', 'parquet']
}
