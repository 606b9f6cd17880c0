/** The tests' `test`: with the host of the Playwright project that runs. */
import { setTimeout } from 'node:timers/promises'
import { type Browser, test as base, type TestInfo } from '@playwright/test'
import { chromiumOptions } from '../../scripts/chromium-options.mjs'
import { findElectron } from '../../scripts/electron.mjs'
import { createBrowserHost } from './browser-host'
import { createDoubleHost, type Machine } from './double-host'
import { createElectronHost } from './electron-host'
import type { DesktopHost, Host, HostName } from './host'

/** The options of a project. */
export interface HostOptions {
  hostName: HostName
}

interface WorkerFixtures extends HostOptions {
  /** The browser, which is started by the first who asks: the desktops do without it. */
  findBrowser: () => Promise<Browser>
  /** Makes a desktop host, which is gone when the file's tests are done; the machine is the double's only. */
  newDesktop: (machine?: Machine) => DesktopHost
}

interface TestFixtures {
  /** A host of the test's own. */
  host: Host
  /** The same on a desktop. */
  desktop: DesktopHost
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  hostName: ['browser', { option: true, scope: 'worker' }],
  findBrowser: [
    async ({ playwright }, use) => {
      let browser: Promise<Browser> | undefined
      await use(() => (browser ??= playwright.chromium.launch(chromiumOptions)))
      await (await browser)?.close()
    },
    { scope: 'worker' }
  ],
  newDesktop: [
    async ({ hostName }, use) => {
      const made: DesktopHost[] = []
      await use((machine) => {
        const host = createDesktop(hostName, machine)
        made.push(host)
        return host
      })
      for (const host of made) await host.dispose()
    },
    { scope: 'worker' }
  ],
  host: async ({ hostName, findBrowser, baseURL }, use) => {
    const host =
      hostName === 'browser' ? await createBrowserHost(await findBrowser(), baseURL ?? '') : createDesktop(hostName)
    await use(host)
    await host.dispose()
  },
  desktop: async ({ hostName }, use, testInfo) => {
    const host = createDesktop(hostName)
    await use(host)
    if (testInfo.status !== testInfo.expectedStatus) await tellOf(host, testInfo)
    await host.dispose()
  }
})

export { expect } from '@playwright/test'

/** Adds what a desktop has complained of, and what its pages show, to the report of a failed test. */
async function tellOf(host: DesktopHost, testInfo: TestInfo): Promise<void> {
  const pages = host.pages().map(async (page) => {
    const shown = page.evaluate(() => `${history.state?.view} ${document.readyState}\n${document.body.innerText}`)
    // A page that hangs never answers.
    return `${page.url()} ${await Promise.race([shown.catch(String), setTimeout(10_000, 'does not answer')])}`
  })
  const body = [...host.problems(), ...(await Promise.all(pages))].join('\n\n')
  await testInfo.attach('the desktop', { body, contentType: 'text/plain' })
}

function createDesktop(name: HostName, machine?: Machine): DesktopHost {
  if (name === 'double') return createDoubleHost(machine)
  const electron = findElectron()
  if (name === 'browser' || electron === undefined) throw new Error(`there is no desktop host '${name}' here`)
  return createElectronHost(electron, machine)
}
