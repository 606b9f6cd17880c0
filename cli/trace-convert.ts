/** `moescope trace convert`: traces of other software, brought into another format. */
import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { FormatError } from '@core/formats/format-error'
import { type Exporter, exported, exporters } from '@core/routing/exporters/exporter'
import type { Routing } from '@core/routing/importers/importer'
import { AnswerError, type Answers, type Question, type QuestionId } from '@core/routing/importers/importer'
import { FormatChoiceError, importers, openRouting } from '@core/routing/importers/open'
import { FailureError, UsageError } from './errors'
import { openFileSource } from './file-source'
import { writeWhole } from './files'
import { oneOf, readOptions, wholeNumber } from './options'
import { createProgress } from './progress'
import type { Terminal } from './terminal'

/** Where an option has a word instead of a number. */
const optionWords = { gates: 'KIND', axes: 'ORDER', 'dense-layers': 'WHAT' } as const

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const text = { type: 'string' } as const
  const { values, positionals } = readOptions(
    args,
    {
      from: text,
      to: text,
      'top-k': text,
      layers: text,
      experts: text,
      gates: text,
      axes: text,
      'dense-layers': text,
      json: { type: 'boolean' }
    },
    ['IN', 'OUT']
  )
  const [input = '', out = ''] = positionals
  const exporter = exporterOf(values.to, out)
  const known = importers.map(({ format }) => format)
  const format = values.from === undefined ? undefined : oneOf('--from', values.from, known)
  const answers = answersOf(values)
  const source = await openFileSource(input)
  try {
    const reading = createProgress(terminal, `reading ${input}`)
    const opening = openRouting(source, { format, answers, progress: reading.update }).finally(reading.end)
    const routing = await opening.catch((error: unknown) => {
      throw explained(error, input, terminal)
    })
    const writing = createProgress(terminal, `writing ${out}`)
    const bytes = bytesOf(routing, exporter, writing.update)
    await writeWhole(out, bytes).finally(writing.end)
    report(terminal, { in: input, out, to: exporter.format, bytes: (await stat(out)).size }, routing, values.json)
  } finally {
    await source.close()
  }
}

function exporterOf(to: string | undefined, out: string): Exporter {
  const formats = exporters.map(({ format }) => format)
  const wanted = to === undefined ? undefined : oneOf('--to', to, formats)
  const ending = extname(out).slice(1).toLowerCase()
  const found = exporters.find(({ format }) => format === (wanted ?? ending))
  if (found) return found
  throw new UsageError(`${out}: expected a name that ends in .${formats.join(', .')}, or --to FORMAT`)
}

function answersOf(values: Partial<Record<QuestionId, string>>): Answers {
  const { gates, axes, 'dense-layers': denseLayers } = values
  const count = (id: QuestionId) => {
    const text = values[id]
    return text === undefined ? {} : { [id]: wholeNumber(`--${id}`, text) }
  }
  return {
    ...count('top-k'),
    ...count('layers'),
    ...count('experts'),
    ...(gates !== undefined && { gates }),
    ...(axes !== undefined && { axes }),
    ...(denseLayers !== undefined && { 'dense-layers': denseLayers })
  }
}

/** Throws a `FailureError` for counts in a format that holds tokens. */
function bytesOf(
  routing: Routing,
  exporter: Exporter,
  progress: (done: number, total: number) => void
): AsyncGenerator<Uint8Array> {
  try {
    return exported(routing, exporter, { progress })
  } catch (error) {
    if (error instanceof RangeError) throw new FailureError(error.message, { cause: error })
    throw error
  }
}

/** Tells what can be given, and turns what is asked into wrong usage. */
function explained(error: unknown, input: string, terminal: Terminal): unknown {
  if (error instanceof FormatError) return new FailureError(error.message, { cause: error })
  if (error instanceof FormatChoiceError) return new UsageError(`${error.message} with --from`, { cause: error })
  if (!(error instanceof AnswerError)) return error
  const options = error.questions.map((question) => `  ${optionText(question)}\n`)
  terminal.tell(`${input} begins with\n${indented(error.preview)}\nand can be opened with\n${options.join('')}`)
  const needed = error.questions.filter((question) => question.needed).map(({ id }) => `--${id}`)
  const give = needed.length > 0 ? `; give ${needed.join(' and ')}` : ''
  return new UsageError(`${input}: ${error.message}${give}`, { cause: error })
}

function optionText({ id, label, proposal, choices }: Question): string {
  const word = id in optionWords ? optionWords[id as keyof typeof optionWords] : 'N'
  const may = choices ? `; ${choices.join(' or ')}` : ''
  const proposed = proposal === undefined ? '' : `; proposed: ${proposal}`
  return `${`--${id} ${word}`.padEnd(20)} ${label}${may}${proposed}`
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ')
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
