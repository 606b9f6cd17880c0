import type { MoescopeApi } from '../../../electron/channels'
import type { Host } from './host'
import { pageFiles, pageStorage } from './shared'

/** The desktop app: files through its dialogs. */
export function createElectronHost(api: MoescopeApi): Host {
  return {
    ...pageFiles(),
    ...pageStorage(),
    version: async () => (await api.versions()).app ?? 'unknown',
    saveText: async (name, kind, text) => (await api.saveFile({ name, kind, content: text })) !== null,
    openText: async (kind) => {
      const file = await api.openFile({ kind })
      if (file === null) return undefined
      const bytes = await api.readFile({ id: file.id, start: 0, end: file.size })
      return { name: file.name, text: new TextDecoder().decode(bytes) }
    }
  }
}
