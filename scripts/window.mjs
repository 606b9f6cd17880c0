// Opens the app in a window of its own, and tells whether the window stayed.
import { spawn } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { root } from './command.mjs'

/** A program that ends sooner than this, in ms, did not show the window: it was refused or handed it to another. */
const settled = 3000

/**
 * @returns {boolean} whether a window can be shown at all
 */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

/**
 * Runs Electron on the built app until its window is closed.
 *
 * @param {string} program
 * @param {readonly string[]} files to open, by absolute path
 */
export function openElectron(program, files) {
  return follow(program, [root, ...files], 'inherit')
}

/**
 * Shows an address as an app window of a browser, with a profile of its own, until the window is closed.
 *
 * @param {string} program
 * @param {string} url
 */
export function openAppWindow(program, url) {
  const profile = join(configFolder(), 'moescope-browser')
  const args = [`--app=${url}`, `--user-data-dir=${profile}`, '--no-first-run', '--no-default-browser-check']
  return follow(program, args, 'ignore')
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {'inherit' | 'ignore'} stderr a browser fills it with lines of no use
 * @returns {Promise<{ status: number, stayed: boolean }>} exit status, and whether it ran long enough to be seen
 */
function follow(program, args, stderr) {
  const started = Date.now()
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'ignore', stderr] })
  const stop = () => child.kill()
  process.on('exit', stop)
  return new Promise((ended) => {
    /** @param {number | null} status */
    const end = (status) => {
      process.off('exit', stop)
      ended({ status: status ?? 1, stayed: Date.now() - started > settled })
    }
    child.once('error', () => end(null))
    child.once('exit', end)
  })
}

function configFolder() {
  const { env, platform } = process
  if (platform === 'win32' && env.APPDATA) return env.APPDATA
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support')
  return env.XDG_CONFIG_HOME || join(homedir(), '.config')
}
