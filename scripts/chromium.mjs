// Finds a Chromium that the tests can drive without a display.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { findBrowser } from './browser.mjs'
import { run, say } from './command.mjs'

/**
 * CHROMIUM_PATH, else an installed browser, else Playwright's own, else one installed with apt where that is possible.
 * The packages must be installed.
 *
 * @returns {Promise<string>}
 * @throws {Error} that says what to install
 */
export async function findChromium() {
  const asked = process.env.CHROMIUM_PATH
  if (asked) {
    if (existsSync(asked)) return asked
    throw new Error(`CHROMIUM_PATH: expected a browser's program, found nothing at ${asked}`)
  }
  const { chromium } = await import('playwright')
  const found = [findBrowser(), chromium.executablePath()].find((path) => path !== undefined && works(path))
  if (found !== undefined) return found
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    say('Installing Chromium (apt-get install chromium) ...')
    run('apt-get update && apt-get install -y chromium', { env: { DEBIAN_FRONTEND: 'noninteractive' }, quiet: true })
    const installed = findBrowser()
    if (installed !== undefined && works(installed)) return installed
  }
  throw new Error(
    'The browser tests need Chromium and none was found. Install Chromium or Chrome with your system, ' +
      'or run `npx playwright install --with-deps chromium`, or set CHROMIUM_PATH to its program.'
  )
}

/**
 * True of a browser that starts: Ubuntu ships a /usr/bin/chromium-browser that only tells one to install a snap.
 *
 * @param {string} path
 */
function works(path) {
  if (!existsSync(path)) return false
  return (
    process.platform !== 'linux' || spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 60_000 }).status === 0
  )
}
