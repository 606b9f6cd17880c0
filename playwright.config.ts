import { defineConfig } from '@playwright/test'
import { chromiumOptions } from './scripts/chromium-options.mjs'

export default defineConfig({
  testDir: 'e2e',
  workers: 1,
  // Test machines are slow and shared, and each test compiles the engine anew.
  timeout: 60_000,
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  use: {
    baseURL: `http://127.0.0.1:${process.env.MOESCOPE_PORT}/`,
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure'
  },
  // Any free port: the server prints its address, and the named group becomes the variable above in the tests.
  webServer: {
    command: 'node scripts/serve.mjs',
    wait: { stdout: /http:\/\/127\.0\.0\.1:(?<MOESCOPE_PORT>\d+)/ }
  },
  projects: [
    {
      name: 'chromium',
      use: { browserName: 'chromium', headless: chromiumOptions.headless, launchOptions: chromiumOptions }
    }
  ]
})
