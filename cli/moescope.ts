/** The terminal face: `moescope COMMAND`. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { main } from './main'
import { createTerminal } from './terminal/terminal'

// The built program lies in out/cli.
const modelsFolder = join(dirname(fileURLToPath(import.meta.url)), '../../assets/models')
process.exitCode = await main(process.argv.slice(2), createTerminal(modelsFolder))
