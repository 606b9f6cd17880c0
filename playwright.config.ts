import { availableParallelism } from 'node:os'
import { defineConfig } from '@playwright/test'
import type { HostOptions } from './e2e/hosts/test'
import { chromiumOptions } from './scripts/chromium-options.mjs'
import { findElectron } from './scripts/electron.mjs'
import { hasDisplay } from './scripts/window.mjs'

/** The specs of the desktop, and those that hold wherever the app runs. */
const desktop = ['desktop.spec.ts', 'security.spec.ts']
const everywhere = ['everywhere.spec.ts']

const electronIsMissing = whyNotElectron()
// The configuration is read by every worker, too.
if (electronIsMissing !== undefined && process.env.TEST_WORKER_INDEX === undefined) {
  console.error(`The tests do not run in Electron itself here, but in its double: ${electronIsMissing}.`)
}

export default defineConfig<object, HostOptions>({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  // A page waits as much as it computes: a second one keeps the cores busy meanwhile.
  workers: Math.min(2, availableParallelism()),
  // Limits for what will never come. Machines are slow and shared: nothing that comes late is wrong.
  timeout: 600_000,
  expect: { timeout: 120_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  globalSetup: './e2e/hosts/build-double.ts',
  use: {
    baseURL: `http://127.0.0.1:${process.env.MOESCOPE_PORT}/`,
    viewport: { width: 1280, height: 800 },
    // Recording copies the whole page at every action, which takes a fifth of the time: ask for it with --trace on.
    trace: 'off',
    screenshot: 'only-on-failure'
  },
  // Any free port: the server prints its address, and the named group becomes the variable above in the tests.
  webServer: {
    command: 'node scripts/serve.mjs',
    wait: { stdout: /http:\/\/127\.0\.0\.1:(?<MOESCOPE_PORT>\d+)/ }
  },
  projects: [
    // First, for its tests stay together by file: at the end one would run on beside an idle core.
    { name: 'double', testMatch: [...desktop, ...everywhere], use: { hostName: 'double' } },
    ...(electronIsMissing === undefined
      ? [
          {
            name: 'electron',
            testMatch: [...desktop, ...everywhere],
            use: { hostName: 'electron' as const }
          }
        ]
      : []),
    {
      name: 'browser',
      testIgnore: desktop,
      fullyParallel: true,
      use: {
        hostName: 'browser',
        browserName: 'chromium',
        headless: chromiumOptions.headless,
        launchOptions: chromiumOptions
      }
    }
  ]
})

/** In words; undefined when Electron can be run. */
function whyNotElectron(): string | undefined {
  if (findElectron() === undefined) return 'its program is not installed'
  return hasDisplay() ? undefined : 'there is no display'
}
