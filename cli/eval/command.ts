/** `moescope eval`: the loss of a model on validation text. */
import type { DomainId, Windows } from '@core/corpus'
import { specifiedFloor } from '@core/corpus'
import { createEvaluator, type Evaluation } from '@core/evaluate/evaluate'
import { type TextWindows, textWindows } from '@core/evaluate/text-windows'
import { corpusOf, validationText } from '@core/evaluate/validation-text'
import type { RunnableModel } from '@core/model/runnable-model'
import type { Backend } from '@core/runtime/backend'
import { readExisting } from '../terminal/files'
import { openModelStore } from '../terminal/model-store'
import { defaultThreads, nativeBackend } from '../terminal/native'
import { readOptions, wholeNumber } from '../terminal/options'
import { createProgress, type Progress } from '../terminal/progress'
import { tableLines } from '../terminal/table'
import type { Terminal } from '../terminal/terminal'

export const help = `usage: moescope eval MODEL [options]

Measures the loss of a model on validation text of the corpus that it was trained on (that of the shipped models where
its folder has no training.json), in nats per character, against the floor, which is the entropy of the corpus. MODEL is
the id of a shipped model or the folder of any other. Only whole documents count, so the tokens measured are somewhat
fewer than asked for.

With --text it is the loss on all of a text of yours, in nats per token, and per byte in UTF-8, by which models with
different tokenizers compare. Nobody knows the floor of such a text.

  --tokens N    characters of validation text (default 20000)
  --text FILE   a text instead, which any model with a tokenizer reads
  --threads N   of the processor (default ${defaultThreads()})
  --json        {model, tokens, loss, floor, perplexity, domains: {name: {loss, floor, tokens}}}, and with --text also
                bytes and nats_per_byte; floor is null then
`

interface Measurement {
  readonly model: string
  readonly tokens: number
  readonly loss: number
  readonly floor: number | null
  /** exp(loss), of a character or a token. */
  readonly perplexity: number
  /** In UTF-8, of a text of the user's. */
  readonly bytes?: number
  readonly nats_per_byte?: number
  readonly domains: Readonly<Record<string, { loss: number; floor: number | null; tokens: number }>>
}

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readOptions(
    args,
    {
      tokens: { type: 'string', default: '20000' },
      text: { type: 'string' },
      threads: { type: 'string', default: String(defaultThreads()) },
      json: { type: 'boolean' }
    },
    ['MODEL']
  )
  const [name = ''] = positionals
  const tokens = wholeNumber('--tokens', values.tokens, 1, 100_000_000)
  const threads = wholeNumber('--threads', values.threads, 1, 1024)
  const model = await (await openModelStore(terminal.modelsFolder)).open(name)
  const progress = createProgress(terminal, `measuring ${name}`)
  const { text: path } = values
  const backend = nativeBackend(threads)
  const measuring =
    path === undefined
      ? measure(model, validationText(model, tokens), backend, progress)
      : measureText(
          model,
          textWindows(model, new TextDecoder().decode(await readExisting(path)), path),
          backend,
          progress
        )
  const measurement = await measuring.finally(progress.end)
  terminal.write(values.json ? `${JSON.stringify(measurement)}\n` : textOf(measurement, terminal))
}

async function evaluated(
  { architecture, parameters }: RunnableModel,
  windows: Windows,
  backend: Backend,
  progress: Progress
): Promise<Evaluation> {
  const evaluator = await createEvaluator(backend, architecture, windows.context)
  try {
    return await evaluator.evaluate(parameters, windows, { onProgress: progress.update })
  } finally {
    await evaluator.release()
  }
}

async function measureText(
  model: RunnableModel,
  windows: TextWindows,
  backend: Backend,
  progress: Progress
): Promise<Measurement> {
  const { loss, characters: tokens } = await evaluated(model, windows, backend, progress)
  const { bytes } = windows
  const perplexity = Math.exp(loss)
  return {
    model: model.id,
    tokens,
    loss,
    floor: null,
    perplexity,
    bytes,
    nats_per_byte: (loss * tokens) / bytes,
    domains: {}
  }
}

async function measure(
  model: RunnableModel,
  windows: Windows,
  backend: Backend,
  progress: Progress
): Promise<Measurement> {
  const { id, report } = model
  const measured = await evaluated(model, windows, backend, progress)
  const floor = specifiedFloor(corpusOf(report))
  return {
    model: id,
    tokens: measured.characters,
    loss: measured.loss,
    floor: floor.total,
    perplexity: Math.exp(measured.loss),
    domains: Object.fromEntries(
      Object.entries(measured.domains).map(([domain, { loss, characters }]) => [
        domain,
        { loss, floor: floor.domains[domain as DomainId] ?? null, tokens: characters }
      ])
    )
  }
}

function textOf(measurement: Measurement, { paint }: Terminal): string {
  const { model, tokens, loss, floor, perplexity, domains, bytes, nats_per_byte: perByte = 0 } = measurement
  if (bytes !== undefined) {
    const [heading = '', all = ''] = tableLines([
      ['', 'nats per token', 'tokens', 'nats per byte', 'bits per byte', 'bytes'],
      [model, loss.toFixed(3), String(tokens), perByte.toFixed(3), (perByte / Math.LN2).toFixed(3), String(bytes)]
    ])
    return `${[paint.dim(heading), paint.bold(all), `perplexity of a token ${perplexity.toFixed(3)}`].join('\n')}\n`
  }
  const row = (name: string, of: { loss: number; floor: number | null; tokens: number }) => [
    name,
    of.loss.toFixed(3),
    of.floor?.toFixed(3) ?? '',
    of.floor === null ? '' : (of.loss - of.floor).toFixed(3),
    String(of.tokens)
  ]
  const [heading = '', all = '', ...rest] = tableLines([
    ['nats per character', 'loss', 'floor', 'above', 'characters'],
    row(model, { loss, floor, tokens }),
    ...Object.entries(domains).map(([id, of]) => row(`  ${id}`, of))
  ])
  const last = `perplexity of a character ${perplexity.toFixed(3)}`
  return `${[paint.dim(heading), paint.bold(all), ...rest, last].join('\n')}\n`
}
