// Makes a fresh clone ready: the right Node, the packages of package-lock.json, and an up-to-date build in out/.
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, run, say } from './command.mjs'

const oldestNode = [20, 19]
const scripts = ['static-files.mjs', 'model-documents.ts', 'page-bundle.ts', 'story-page.ts'].map(
  (name) => `scripts/${name}`
)
const sources = ['core', 'cli', 'renderer', 'electron', 'node', 'assets', ...scripts, 'package.json']
const stamp = join(root, 'out', '.built')

/**
 * Checks Node and installs the packages if they are missing or older than package-lock.json.
 *
 * @throws {Error} that says what is missing and what to do
 */
export function prepare() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new Error(
      `Moescope needs Node ${oldestNode.join('.')} or newer and found ${process.versions.node} at ${process.execPath}. ` +
        'Install a current one from https://nodejs.org and run the command again.'
    )
  }
  const installed = modified(join(root, 'node_modules', '.package-lock.json'))
  if (installed >= modified(join(root, 'package-lock.json'))) return
  say('Installing packages (npm ci) ...')
  const env = { ONNXRUNTIME_NODE_INSTALL: 'skip', ELECTRON_SKIP_BINARY_DOWNLOAD: '1' }
  if (!run('npm ci --no-audit --no-fund --loglevel=error', { env, quiet: true })) {
    throw new Error('npm ci failed (see above). Check the network or the npm registry and run the command again.')
  }
}

/**
 * Builds out/ if a source is newer than the last build.
 *
 * @throws {Error} if the build fails
 */
export function build() {
  const configs = readdirSync(root).filter((name) => name.endsWith('.config.ts'))
  const licences = ['LICENSE', 'scripts/licences.ts', 'scripts/licences']
  const newest = Math.max(...[...sources, ...configs, ...licences].map((path) => newestIn(join(root, path))))
  if (modified(stamp) >= newest) return
  say('Building (npm run build) ...')
  const started = new Date()
  if (!run('npm run build --silent', { quiet: true })) throw new Error('The build failed (see above).')
  mkdirSync(join(root, 'out'), { recursive: true })
  writeFileSync(stamp, '')
  utimesSync(stamp, started, started)
}

/**
 * Newest modification in a file or folder, ms. Folders count too: deleting a file touches only its folder.
 *
 * @param {string} path
 * @returns {number}
 */
function newestIn(path) {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) return 0
  if (!found.isDirectory()) return found.mtimeMs
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))))
}

/**
 * Modification time of a file, ms; 0 if there is none.
 *
 * @param {string} path
 */
function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
