// Messages of the launcher, and child processes. Standard library only: it runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * One line about what the launcher does. It goes to stderr, so that stdout holds only what a command prints.
 *
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

/**
 * Runs a command line in the repository's folder, with the installed packages' programs on the path.
 *
 * @param {string} line
 * @param {{ env?: Record<string, string>, quiet?: boolean }} [options] `quiet` shows the output only if the command fails
 * @returns {boolean} whether it ended well
 */
export function run(line, { env = {}, quiet = false } = {}) {
  const PATH = join(root, 'node_modules', '.bin') + delimiter + process.env.PATH
  const { status, stdout, stderr } = spawnSync(line, {
    cwd: root,
    env: { ...process.env, PATH, ...env },
    shell: true,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024
  })
  if (quiet && status !== 0) say(`${stdout}${stderr}`)
  return status === 0
}
