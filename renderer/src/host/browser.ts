import { version } from '../../../package.json'
import type { Host } from './host'
import { pageFiles, pageStorage } from './shared'

/** A browser: files come through its chooser and go to its downloads. */
export function createBrowserHost(): Host {
  return {
    ...pageFiles(),
    ...pageStorage(),
    version: async () => version,
    saveText: async (name, _kind, text) => {
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
      link.download = name
      link.click()
      URL.revokeObjectURL(link.href)
      return true
    },
    openText: ({ extensions }) => {
      const chooser = document.createElement('input')
      chooser.type = 'file'
      chooser.accept = extensions.map((each) => `.${each}`).join(',')
      return new Promise((chosen, failed) => {
        chooser.addEventListener('cancel', () => chosen(undefined))
        chooser.addEventListener('change', () => {
          const file = chooser.files?.[0]
          if (!file) return chosen(undefined)
          file.text().then((text) => chosen({ name: file.name, text }), failed)
        })
        chooser.click()
      })
    }
  }
}
