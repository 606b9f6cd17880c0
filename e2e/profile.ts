/** The tests' `test` in a browser: pages open in one profile, as a user's do, so that what was compiled once is kept. */
import { mkdtempSync, rmSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, test as base, expect } from '@playwright/test'
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
      await compileEngine(context, join(folder, 'Default', 'Code Cache', 'wasm'))
      await use({
        context,
        clear: async () => {
          for (const page of context.pages()) if (page !== first) await page.close()
          // By its origin the compiled programs would be forgotten as well.
          await devtools.send('Storage.clearDataForStorageKey', {
            storageKey: new URL('/', baseURL).href,
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

/** Waits until the engine's machine code is on disk: a page that is closed before compiles for the next one again. */
async function compileEngine(context: BrowserContext, cache: string): Promise<void> {
  const page = await context.newPage()
  await page.goto('./')
  const bytes = async () => {
    const names = await readdir(cache).catch((): string[] => [])
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(cache, name))).size))
    return Math.max(0, ...sizes)
  }
  await expect.poll(bytes).toBeGreaterThan(leastProgram)
  await page.close()
}

/** Less than the machine code of ONNX Runtime, in bytes, and more than anything else that is kept there. */
const leastProgram = 1_000_000

export { expect }
