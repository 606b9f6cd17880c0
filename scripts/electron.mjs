// Finds Electron's program, or fetches it once. Requiring the package would start a download by itself.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, say } from './command.mjs'

const home = join(root, 'node_modules', 'electron')
const fetchSeconds = 90

/**
 * @returns {string | undefined} path of Electron's program, if it is here
 */
export function findElectron() {
  const pathFile = join(home, 'path.txt')
  const program = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : undefined
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (override === undefined && program === undefined) return undefined
  const path = join(override ?? join(home, 'dist'), program ?? 'electron')
  return existsSync(path) ? path : undefined
}

/**
 * Fetches Electron's program with the package's own installer.
 *
 * @returns {string | undefined} its path, or undefined if it cannot be had
 */
export function fetchElectron() {
  say(`Fetching Electron (at most ${fetchSeconds} s) ...`)
  spawnSync(process.execPath, [join(home, 'install.js')], { timeout: fetchSeconds * 1000, stdio: 'ignore' })
  const path = findElectron()
  if (path === undefined) say('Electron could not be fetched; going on without it.')
  return path
}
