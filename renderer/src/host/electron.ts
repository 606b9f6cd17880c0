import type { MoescopeApi } from '../../../electron/channels'
import type { Host } from './host'
import { pageFiles, pageStorage } from './shared'

/** The desktop app: files through its dialogs. */
export function createElectronHost(api: MoescopeApi): Host {
  return {
    ...pageFiles(),
    ...pageStorage(),
    version: () => api.version(),
    saveText: async (name, kind, text) => (await api.saveText({ name, kind, text })) !== null,
    openText: async (kind) => (await api.openText({ kind })) ?? undefined
  }
}
