/** `moescope trace convert`: traces of other software, brought into another format. */
import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { type Exporter, type ExportOptions, exported, exporters } from '@core/routing/exporters/exporter'
import type { Routing } from '@core/routing/importers/importer'
import { FailureError, UsageError } from '../terminal/errors'
import { writeWhole } from '../terminal/files'
import { oneOf, readOptions } from '../terminal/options'
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
  await withRouting(input, { ...openingOf(values), signal }, terminal, async (routing) => {
    const writing = createProgress(terminal, `writing ${out}`)
    const bytes = bytesOf(routing, exporter, { progress: writing.update, signal })
    await writeWhole(out, bytes).finally(writing.end)
    report(terminal, { in: input, out, to: exporter.format, bytes: (await stat(out)).size }, routing, values.json)
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

function report(terminal: Terminal, converted: Converted, routing: Routing, json: boolean | undefined): void {
  const { layers, experts, topK, kind, notes } = routing
  const tokens = routing.kind === 'trace' ? routing.tokenCount : undefined
  if (json) {
    const { bytes, ...names } = converted
    terminal.write(
      `${JSON.stringify({ ...names, kind, tokens, layers, experts, top_k: topK ?? null, bytes, notes })}\n`
    )
    return
  }
  const { paint } = terminal
  const amount = tokens === undefined ? 'counts' : `${tokens} tokens`
  const chosen = topK === undefined ? `${experts} experts each` : `${topK} of ${experts} experts each`
  terminal.write(`${paint.bold(converted.out)}: ${amount}, ${layers.length} MoE layers, ${chosen}\n`)
  for (const note of notes) terminal.write(`  ${note}\n`)
}
