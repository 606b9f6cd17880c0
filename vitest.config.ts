import { resolve } from 'node:path'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumOptions } from './scripts/chromium-options.mjs'
import { isolationHeaders } from './scripts/static-files.mjs'

const alias = { '@core': resolve('core') }

/** Limits for what will never come, in ms. Machines are slow and shared: nothing that comes late is wrong. */
const limits = { testTimeout: 300_000, hookTimeout: 300_000, expect: { poll: { timeout: 60_000 } } }

/** The same for both projects, which otherwise cannot run beside each other. */
const maxWorkers = '100%'

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        define: { MOESCOPE_VERSION: JSON.stringify('test') },
        test: {
          name: 'node',
          ...limits,
          // Loading the modules anew for every file took more time than the tests, none of which leaves anything behind.
          isolate: false,
          setupFiles: ['vitest.setup.ts'],
          globalSetup: ['vitest.programs.ts'],
          maxWorkers,
          include: ['{core,cli,e2e,electron,node,renderer,scripts}/**/*.test.{ts,tsx}']
        }
      },
      {
        resolve: { alias },
        publicDir: resolve('assets'),
        optimizeDeps: { exclude: ['onnxruntime-web'] },
        server: { headers: isolationHeaders },
        test: {
          name: 'browser',
          include: ['{core,renderer}/**/*.browser.{ts,tsx}'],
          ...limits,
          maxWorkers,
          browser: {
            enabled: true,
            headless: chromiumOptions.headless,
            ui: false,
            screenshotFailures: false,
            provider: playwright({ launchOptions: chromiumOptions }),
            instances: [{ browser: 'chromium' }]
          }
        }
      }
    ]
  }
})
