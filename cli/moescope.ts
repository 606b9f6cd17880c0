/** The terminal face: `moescope COMMAND`. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { main } from './main'
import { createTerminal } from './terminal/terminal'

// Later than V8 optimises by itself: of a second's work, such as counting a thousand files, that alone took a third, and
// of longer work it is nothing.
setFlagsFromString('--interrupt-budget=1000000')

// The built program lies in out/cli.
const modelsFolder = join(dirname(fileURLToPath(import.meta.url)), '../../assets/models')
process.exitCode = await main(process.argv.slice(2), createTerminal(modelsFolder))
