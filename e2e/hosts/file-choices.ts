import type { DesktopHost } from './host'

/** The user's answers to a desktop's dialogs for files. */
export function fileChoices(
  expectDialog: DesktopHost['expectDialog']
): Pick<DesktopHost, 'chooseToOpen' | 'chooseToSave'> {
  return {
    chooseToOpen: (path) =>
      expectDialog({
        dialog: 'showOpenDialog',
        answer: { canceled: path === null, filePaths: path === null ? [] : [path] }
      }),
    chooseToSave: (path) =>
      expectDialog({ dialog: 'showSaveDialog', answer: { canceled: path === null, filePath: path ?? '' } })
  }
}
