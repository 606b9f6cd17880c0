/** `moescope eval`: the loss of a model on validation text. */
import type { DomainId, Windows } from '@core/corpus'
import { corpusFloor, createWorld, generateCorpus, tokenizer, validationWindows } from '@core/corpus'
import { corpusSpecSchema } from '@core/formats/training-report'
import type { RunnableModel } from '@core/run/model'
import { createEvaluator } from '@core/train/evaluate'
import { FailureError } from './errors'
import { openModelStore } from './model-store'
import { defaultThreads, nativeBackend } from './native'
import { readOptions, wholeNumber } from './options'
import { createProgress, type Progress } from './progress'
import { tableLines } from './table'
import type { Terminal } from './terminal'

export const help = `usage: moescope eval MODEL [options]

Measures the loss of a model on validation text of the corpus that it was trained on (that of the shipped models where
its folder has no training.json), in nats per character, against the floor, which is the entropy of the corpus. MODEL is
the id of a shipped model or the folder of any other. Only whole documents count, so the tokens measured are somewhat
fewer than asked for.

  --tokens N    characters of validation text (default 20000)
  --threads N   of the processor (default ${defaultThreads()})
  --json        {model, tokens, loss, floor, perplexity, domains: {name: {loss, floor, tokens}}}
`

interface Measurement {
  readonly model: string
  readonly tokens: number
  readonly loss: number
  readonly floor: number
  /** exp(loss), of a character. */
  readonly perplexity: number
  readonly domains: Readonly<Record<string, { loss: number; floor: number | null; tokens: number }>>
}

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readOptions(
    args,
    {
      tokens: { type: 'string', default: '20000' },
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
  const measurement = await measure(model, tokens, threads, progress).finally(progress.end)
  terminal.write(values.json ? `${JSON.stringify(measurement)}\n` : textOf(measurement, terminal))
}

async function measure(
  model: RunnableModel,
  tokens: number,
  threads: number,
  progress: Progress
): Promise<Measurement> {
  const { architecture, parameters, report } = model
  if (model.tokenizer.alphabet.join('') !== tokenizer.alphabet.join('')) {
    throw new FailureError(
      `model '${model.id}' has another tokenizer than the generated corpus and cannot be measured on it`
    )
  }
  const spec = report?.corpus ?? corpusSpecSchema.parse({})
  const world = createWorld(spec.world)
  const corpus = generateCorpus({ world, seed: spec.seed, split: 'validation', characters: tokens })
  const windows = validationWindows(corpus, architecture.context)
  const evaluator = await createEvaluator(nativeBackend(threads), architecture, architecture.context)
  const sums = new Map<DomainId, { nats: number; tokens: number }>()
  for (let first = 0; first < windows.count; first += windowsAtOnce) {
    const { domains } = await evaluator.evaluate(parameters, slice(windows, first, first + windowsAtOnce))
    for (const [id, { loss, characters }] of Object.entries(domains) as [
      DomainId,
      { loss: number; characters: number }
    ][]) {
      const sum = sums.get(id) ?? { nats: 0, tokens: 0 }
      sums.set(id, { nats: sum.nats + loss * characters, tokens: sum.tokens + characters })
    }
    progress.update(Math.min(windows.count, first + windowsAtOnce), windows.count)
  }
  await evaluator.release()
  const floor = corpusFloor(world)
  const total = [...sums.values()].reduce((a, b) => ({ nats: a.nats + b.nats, tokens: a.tokens + b.tokens }))
  const loss = total.nats / total.tokens
  return {
    model: model.id,
    tokens: total.tokens,
    loss,
    floor: floor.total,
    perplexity: Math.exp(loss),
    domains: Object.fromEntries(
      [...sums].map(([id, { nats, tokens }]) => [id, { loss: nats / tokens, floor: floor.domains[id] ?? null, tokens }])
    )
  }
}

/** Windows between two updates of the progress bar: whole batches of the evaluator. */
const windowsAtOnce = 64

function slice({ context, ...windows }: Windows, first: number, end: number): Windows {
  const [from, to] = [first * context, end * context]
  return {
    count: Math.min(windows.count, end) - first,
    context,
    tokens: windows.tokens.subarray(from, to),
    targets: windows.targets.subarray(from, to),
    domains: windows.domains.subarray(from, to)
  }
}

function textOf({ model, tokens, loss, floor, perplexity, domains }: Measurement, { paint }: Terminal): string {
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
