/** The terminal face: `moescope COMMAND`. */
import { FailureError, UsageError } from './errors'

interface Command {
  readonly summary: string
  readonly load: () => Promise<{ run: (args: readonly string[]) => Promise<void> }>
}

const commands: Readonly<Record<string, Command>> = {
  pretrain: { summary: 'train the family of models that the app ships', load: () => import('./pretrain') }
}

const [name, ...args] = process.argv.slice(2)
process.exitCode = await main(name, args)

async function main(given: string | undefined, rest: readonly string[]): Promise<number> {
  if (given === undefined || given === 'help' || given === '--help' || given === '-h') {
    process.stdout.write(usage())
    return given === undefined ? 2 : 0
  }
  const command = commands[given]
  try {
    if (!command) throw new UsageError(`unknown command '${given}'`)
    await (await command.load()).run(rest)
    return 0
  } catch (error) {
    process.stderr.write(`moescope: ${describe(error)}\n`)
    if (error instanceof UsageError) process.stderr.write("run 'moescope help' for the commands\n")
    return error instanceof UsageError ? 2 : 1
  }
}

/** Expected failures in one line; anything else with its stack, because it is a fault of the program. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const expected = error instanceof FailureError || error instanceof UsageError || /Error$/.test(error.constructor.name)
  return expected ? error.message : (error.stack ?? error.message)
}

function usage(): string {
  const width = Math.max(...Object.keys(commands).map((each) => each.length))
  const rows = Object.entries(commands).map(([each, { summary }]) => `  ${each.padEnd(width)}  ${summary}`)
  return `usage: moescope COMMAND [options]\n\n${rows.join('\n')}\n\nmoescope COMMAND --help tells the options of one.\n`
}
