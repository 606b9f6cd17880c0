/** The tests' `test` in a browser: pages open in one profile, as a user's do, so that what was compiled once is kept. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, test as base } from '@playwright/test'
import { chromiumOptions } from '../scripts/chromium-options.mjs'

interface Profile {
  readonly context: BrowserContext
  /** Closes all pages and forgets what the app stored. */
  clear(): Promise<void>
}

export const test = base.extend<object, { profile: Profile }>({
  profile: [
    async ({ playwright }, use, { project }) => {
      const { baseURL, viewport } = project.use
      const folder = mkdtempSync(join(tmpdir(), 'moescope-profile-'))
      const context = await playwright.chromium.launchPersistentContext(folder, {
        ...chromiumOptions,
        ...(baseURL === undefined ? {} : { baseURL }),
        ...(viewport === undefined ? {} : { viewport })
      })
      // It stays open, or the browser would end with the first test's page.
      const first = context.pages()[0] ?? (await context.newPage())
      const devtools = await context.newCDPSession(first)
      await use({
        context,
        clear: async () => {
          for (const page of context.pages()) if (page !== first) await page.close()
          await devtools.send('Storage.clearDataForOrigin', {
            origin: new URL(baseURL ?? '').origin,
            storageTypes: 'local_storage,indexeddb,file_systems'
          })
        }
      })
      await context.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
    },
    { scope: 'worker' }
  ],
  context: async ({ profile }, use) => {
    await use(profile.context)
    await profile.clear()
  }
})

export { expect } from '@playwright/test'
