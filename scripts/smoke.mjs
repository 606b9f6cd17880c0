// npm run smoke: starts the app that npm run package made, waits until its page is there, and closes it again.
// Options after -- go to the app (npm run smoke -- --no-sandbox, as root in a container).
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, say } from './command.mjs'

/** ms to start, and ms to end. A first start on a slow machine that scans new programs takes long. */
const toStart = 120_000
const toEnd = 30_000

const program = packedProgram()
if (program === undefined) {
  say('There is no packed app in out/package/: run npm run package first.')
  process.exitCode = 1
} else {
  const { wrongFuses } = await import('./fuses.mjs')
  const problems = [...(await wrongFuses(program)), ...(await start(program, process.argv.slice(2)))]
  for (const problem of problems) say(problem)
  console.log(problems.length === 0 ? `${program} starts, shows its page and ends.` : `Problems: ${problems.length}`)
  process.exitCode = problems.length === 0 ? 0 : 1
}

/** @returns {string | undefined} path of the app's program as it was packed for this system */
function packedProgram() {
  const { platform, arch } = process
  const suffix = arch === 'x64' ? '' : `-${arch}`
  const places = {
    darwin: [`mac${suffix}`, 'Moescope.app', 'Contents', 'MacOS', 'Moescope'],
    win32: [`win${suffix}-unpacked`, 'Moescope.exe'],
    linux: [`linux${suffix}-unpacked`, 'moescope']
  }
  const path = join(
    root,
    'out',
    'package',
    ...places[platform === 'darwin' || platform === 'win32' ? platform : 'linux']
  )
  return existsSync(path) ? path : undefined
}

/**
 * Starts the app with a profile of its own and looks at it as a user would.
 *
 * Playwright's own way of starting Electron needs the inspector of the main process, which a fuse has switched off in the
 * packed app. The page can be reached all the same, through Chromium's debugging port.
 *
 * @param {string} path
 * @param {string[]} args
 * @returns {Promise<string[]>} what is wrong, a sentence each
 */
async function start(path, args) {
  const profile = mkdtempSync(join(tmpdir(), 'moescope-smoke-'))
  const app = spawn(path, ['--remote-debugging-port=0', `--user-data-dir=${profile}`, ...args], {
    stdio: ['ignore', 'inherit', 'pipe']
  })
  /** @type {Promise<string>} */
  const ended = new Promise((end) => {
    app.once('error', (error) => end(error.message))
    app.once('exit', (status, signal) => end(`status ${status ?? signal}`))
  })
  try {
    const address = await within(
      toStart,
      'The app did not open its debugging port',
      Promise.race([debuggingPort(app), ended])
    )
    if (!address.startsWith('ws:')) return [`The app ended at once, with ${address}.`]
    const problems = await look(address)
    const how = await within(toEnd, 'The app did not end after its window was closed', ended)
    return how === 'status 0' ? problems : [...problems, `The app ended with ${how}; expected status 0.`]
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  } finally {
    app.kill('SIGKILL')
    await ended
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  }
}

/**
 * @param {import('node:child_process').ChildProcessByStdio<null, null, import('node:stream').Readable>} app
 * @returns {Promise<string>} address that Chromium prints for debuggers
 */
function debuggingPort(app) {
  let output = ''
  return new Promise((found) => {
    app.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      process.stderr.write(text)
      output += text
      const [, address] = /DevTools listening on (ws:\S+)/.exec(output) ?? []
      if (address !== undefined) found(address)
    })
  })
}

/**
 * Checks the app's page, then closes its window.
 *
 * @param {string} address
 */
async function look(address) {
  const { chromium } = await import('playwright')
  // Without noDefaults Playwright sets up downloads, which Electron refuses.
  const browser = await chromium.connectOverCDP(address, { noDefaults: true })
  const [context] = browser.contexts()
  if (context === undefined) throw new Error('expected the app to have a window, found none')
  const page = context.pages()[0] ?? (await context.waitForEvent('page', { timeout: toStart }))
  /** @type {string[]} */
  const problems = []
  page.on('console', (message) => message.type() === 'error' && problems.push(`On the console: ${message.text()}`))
  page.on('pageerror', (error) => problems.push(`The page threw: ${error.message}`))
  // Earlier messages of the page are gone: it repeats them.
  await page.reload({ timeout: toStart })
  await page.getByRole('heading', { level: 1 }).waitFor({ timeout: toStart })
  const { isolated, bridged, licences } = await page.evaluate(async () => ({
    isolated: window.crossOriginIsolated,
    bridged: 'moescope' in window,
    licences: (await fetch('./licences.txt')).ok
  }))
  if (!isolated) problems.push('The page is not isolated: the engine gets only one thread.')
  if (!bridged) problems.push('The page does not reach the main process: the preload script did not run.')
  if (!licences) problems.push('The licences are not there.')
  await page.close()
  return problems
}

/**
 * @template T
 * @param {number} ms
 * @param {string} otherwise
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 * @throws {Error} that says what did not happen in time
 */
async function within(ms, otherwise, promise) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  /** @type {Promise<never>} */
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`${otherwise} within ${ms / 1000} s.`)), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
