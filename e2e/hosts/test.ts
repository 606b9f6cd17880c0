/** The tests' `test`: with the host of the Playwright project that runs. */
import { type Browser, test as base } from '@playwright/test'
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
  desktop: async ({ hostName }, use) => {
    const host = createDesktop(hostName)
    await use(host)
    await host.dispose()
  }
})

export { expect } from '@playwright/test'

function createDesktop(name: HostName, machine?: Machine): DesktopHost {
  if (name === 'double') return createDoubleHost(machine)
  const electron = findElectron()
  if (name === 'browser' || electron === undefined) throw new Error(`there is no desktop host '${name}' here`)
  return createElectronHost(electron, machine)
}
