/** The tests' `test` in a browser: pages open in one profile, as a user's do, so that what was compiled once is kept. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test'
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
        // All pages share a process, in which the engine's program is compiled once.
        args: [...chromiumOptions.args, '--process-per-site'],
        ...(baseURL === undefined ? {} : { baseURL }),
        ...(viewport === undefined ? {} : { viewport })
      })
      // It stays open, or the browser would end with the first test's page.
      const first = context.pages()[0] ?? (await context.newPage())
      const devtools = await context.newCDPSession(first)
      await keepEngine(first)
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

/** Has a page hold the engine's program, whose machine code then stays in the process while other pages come and go. */
async function keepEngine(page: Page): Promise<void> {
  const programs = readdirSync('out/renderer/assets').filter((name) => /^ort-[^.]*\.wasm$/.test(name))
  await page.goto('./licences.txt')
  await page.evaluate(async (programs) => {
    const compile = (name: string) => WebAssembly.compileStreaming(fetch(`./assets/${name}`))
    Object.assign(window, { kept: await Promise.all(programs.map(compile)) })
  }, programs)
  expect(programs).toHaveLength(1)
}

export { expect }
