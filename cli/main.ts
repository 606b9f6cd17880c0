import { reasonOf } from '../node/reason'
import { InterruptionError, UsageError } from './terminal/errors'
import type { Terminal } from './terminal/terminal'

interface Command {
  readonly summary: string
  readonly load: () => Promise<{
    readonly help: string
    readonly run: (args: readonly string[], terminal: Terminal) => Promise<void>
  }>
}

const commands: Readonly<Record<string, Command>> = {
  compare: { summary: 'run a dense and an MoE model side by side', load: () => import('./compare/command') },
  models: { summary: 'list the shipped models with their figures', load: () => import('./models/command') },
  params: {
    summary: 'count parameters, FLOPs and memory of real architectures',
    load: () => import('./params/command')
  },
  eval: { summary: 'measure the loss of a model on generated text', load: () => import('./eval/command') },
  ablate: {
    summary: 'measure the loss without experts or with other routing',
    load: () => import('./ablate/command')
  },
  compress: {
    summary: 'make a model smaller, and measure what that costs',
    load: () => import('./compress/command')
  },
  corpus: { summary: 'print generated text, whose entropy is known', load: () => import('./corpus/command') },
  train: { summary: 'train a model on generated text', load: () => import('./train/command') },
  sweep: {
    summary: 'compute many runs: a grid, a list, or by chance',
    load: () => import('./sweep/command')
  },
  worker: { summary: 'compute runs of a sweep on this machine', load: () => import('./worker/command') },
  trace: {
    summary: 'record, measure, compare, place and convert what routers decide',
    load: () => import('./trace/command')
  },
  story: {
    summary: 'play a talk, make files of it, check it before it is told',
    load: () => import('./story/command')
  },
  laws: { summary: 'evaluate published scaling laws at a size', load: () => import('./laws/command') },
  bench: { summary: 'measure MoE against dense speed on this machine', load: () => import('./bench/command') },
  pretrain: { summary: 'train the family of models that the app ships', load: () => import('./pretrain/command') }
}

/** Runs a command line; returns the exit status: 0, 1 for a failure, 2 for wrong usage, 130 when interrupted. */
export async function main([name, ...args]: readonly string[], terminal: Terminal): Promise<number> {
  if (name === undefined) {
    terminal.tell(usage())
    return 2
  }
  if (name === 'help' || isHelp(name)) {
    if (args[0] === 'glossary') terminal.write((await import('./terminal/glossary-text')).glossaryText(terminal))
    else terminal.write(usage())
    return 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  try {
    if (!command) throw new UsageError(`unknown command '${name}'`)
    const { help, run } = await command.load()
    if (args.some(isHelp)) terminal.write(help)
    else await run(args, terminal)
    return 0
  } catch (error) {
    terminal.tell(`moescope: ${describe(error)}\n`)
    if (!(error instanceof UsageError)) return error instanceof InterruptionError ? 130 : 1
    const place = command ? `moescope ${name} --help` : 'moescope help'
    terminal.tell(`run '${place}' for ${command ? 'its options' : 'the commands'}\n`)
    return 2
  }
}

/** An error in one line; a fault of the program with its stack. */
function describe(error: unknown): string {
  const isFault = error instanceof TypeError || error instanceof ReferenceError
  return isFault ? (error.stack ?? error.message) : reasonOf(error)
}

function isHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h'
}

function usage(): string {
  const width = Math.max(...Object.keys(commands).map((each) => each.length))
  const rows = Object.entries(commands).map(([each, { summary }]) => `  ${each.padEnd(width)}  ${summary}`)
  return `usage: moescope COMMAND [options]\n\n${rows.join('\n')}\n\nmoescope COMMAND --help lists the options of one, moescope help glossary defines the terms.\n`
}
