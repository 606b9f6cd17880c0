import type { Browser, Page } from '@playwright/test'
import { withoutPickers } from '../pickers'
import type { Host } from './host'
import { fragmentOf, watch } from './watched-page'

/**
 * The app in a browser, in a context of its own.
 *
 * @param baseURL where the app is served
 */
export async function createBrowserHost(browser: Browser, baseURL: string): Promise<Host> {
  const context = await browser.newContext({ baseURL, viewport: { width: 1280, height: 800 } })
  const problems: string[] = []
  let page: Page | undefined
  const current = () => {
    if (!page) throw new Error('expected the app to be open: call host.open() first')
    return page
  }
  return {
    name: 'browser',
    open: async ({ link } = {}) => {
      page = await context.newPage()
      watch(page, problems)
      await withoutPickers(page)
      await page.goto(`./${fragmentOf(link)}`)
      return page
    },
    close: async () => {
      const closed = current().waitForEvent('close')
      await current().close({ runBeforeUnload: true })
      await closed
    },
    kill: async () => current().close(),
    chooseToOpen: async (path) => {
      if (path === null) throw new Error('a browser cannot be told that its user cancels')
      current().once('filechooser', (chooser) => void chooser.setFiles(path))
      // As in chooserOf: only then is it listened for.
      await current().evaluate(() => undefined)
    },
    chooseToSave: async (path) => {
      if (path === null) throw new Error('a browser saves without asking')
      current().once('download', (download) => void download.saveAs(path))
    },
    problems: () => problems,
    dispose: async () => context.close()
  }
}
