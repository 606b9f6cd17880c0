import type { FileChooser, Page } from '@playwright/test'

/** A browser without the File System Access API, as Firefox: files come through a chooser and go to the downloads. */
export async function withoutPickers(page: Page): Promise<void> {
  await page.addInitScript(() =>
    Object.assign(window, {
      showOpenFilePicker: undefined,
      showSaveFilePicker: undefined,
      showDirectoryPicker: undefined
    })
  )
}

/**
 * The File System Access API without its dialogs, which no test can click: the pickers give a real file of the page's
 * own file system.
 */
export async function withPickedFile(page: Page, name: string): Promise<void> {
  await page.addInitScript((picked) => {
    const handle = async () => {
      const folder = await navigator.storage.getDirectory()
      return folder.getFileHandle(picked, { create: true })
    }
    Object.assign(window, {
      showSaveFilePicker: handle,
      showOpenFilePicker: async () => [await handle()]
    })
  }, name)
}

/** The chooser that `ask` opens in a browser without pickers. */
export async function chooserOf(page: Page, ask: () => Promise<void>): Promise<FileChooser> {
  const choosing = page.waitForEvent('filechooser')
  // Playwright has told the browser to report choosers only once this is answered.
  await page.evaluate(() => undefined)
  await ask()
  return choosing
}
