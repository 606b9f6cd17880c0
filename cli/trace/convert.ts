/** `moescope trace convert`: traces of other software, brought into another format. */
import { extname } from 'node:path'
import { type Exporter, type ExportOptions, exported, exporters, leftOut } from '@core/routing/exporters/exporter'
import type { Routing } from '@core/routing/importers/importer'
import { FailureError, UsageError } from '../terminal/errors'
import { oneOf, readOptions } from '../terminal/options'
import { type OutputFile, openOutput } from '../terminal/output-file'
import { createProgress } from '../terminal/progress'
import type { Terminal } from '../terminal/terminal'
import { answerOptions, openingOf } from './answers'
import { withRouting } from './source'

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const options = { ...answerOptions, to: { type: 'string' }, json: { type: 'boolean' } } as const
  const { values, positionals } = readOptions(args, options, ['IN', 'OUT'])
  const [input = '', out = ''] = positionals
  const exporter = exporterOf(values.to, out)
  const signal = terminal.interruption()
  const file = await openOutput(out, terminal)
  await withRouting(input, { ...openingOf(values), signal }, terminal, async (routing) => {
    const writing = createProgress(terminal, `writing ${file.name}`)
    const content = bytesOf(routing, exporter, { progress: writing.update, signal })
    const bytes = await file.write(content).finally(writing.end)
    const converted = { in: input, out, to: exporter.format, bytes }
    const lost = leftOut(routing, exporter)
    const notes = lost === undefined ? routing.notes : [...routing.notes, lost]
    file.tell(values.json ? jsonOf(converted, routing, notes) : textOf(file, routing, notes, terminal))
  })
}

function exporterOf(to: string | undefined, out: string): Exporter {
  const formats = exporters.map(({ format }) => format)
  const wanted = to === undefined ? undefined : oneOf('--to', to, formats)
  const ending = extname(out).slice(1).toLowerCase()
  const found = exporters.find(({ format }) => format === (wanted ?? ending))
  if (found) return found
  throw new UsageError(`${out}: expected a name that ends in .${formats.join(', .')}, or --to FORMAT`)
}

/** Throws a `FailureError` for counts in a format that holds tokens. */
function bytesOf(routing: Routing, exporter: Exporter, options: ExportOptions): AsyncGenerator<Uint8Array> {
  try {
    return exported(routing, exporter, options)
  } catch (error) {
    if (error instanceof RangeError) throw new FailureError(error.message, { cause: error })
    throw error
  }
}

interface Converted {
  readonly in: string
  readonly out: string
  readonly to: string
  readonly bytes: number
}

function jsonOf({ bytes, ...names }: Converted, routing: Routing, notes: readonly string[]): string {
  const { layers, experts, topK, kind } = routing
  const tokens = tokensOf(routing)
  return `${JSON.stringify({ ...names, kind, tokens, layers, experts, top_k: topK ?? null, bytes, notes })}\n`
}

function textOf({ name }: OutputFile, routing: Routing, notes: readonly string[], { paint }: Terminal): string {
  const { layers, experts, topK } = routing
  const tokens = tokensOf(routing)
  const amount = tokens === undefined ? 'counts' : `${tokens} tokens`
  const chosen = topK === undefined ? `${experts} experts` : `top-${topK} of ${experts} experts`
  const heading = `${paint.bold(name)}: ${amount}, ${layers.length} MoE layers, ${chosen}\n`
  return [heading, ...notes.map((note) => `  ${note}\n`)].join('')
}

function tokensOf(routing: Routing): number | undefined {
  return routing.kind === 'trace' ? routing.tokenCount : undefined
}
