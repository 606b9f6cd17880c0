// npm run bench, npm run pretrain: prepares and builds, then runs that command of the terminal face in this process.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, say } from './command.mjs'
import { build, prepare } from './prepare.mjs'

try {
  prepare()
  build()
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
const terminal = join(root, 'out', 'cli', 'moescope.js')
process.argv[1] = terminal
await import(pathToFileURL(terminal).href)
