/** `moescope eval`: the loss of a model on validation text. */
import type { DomainId } from '@core/corpus'
import { specifiedFloor } from '@core/corpus'
import { createEvaluator } from '@core/evaluate/evaluate'
import { corpusOf, validationText } from '@core/evaluate/validation-text'
import type { RunnableModel } from '@core/model/runnable-model'
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
  characters: number,
  threads: number,
  progress: Progress
): Promise<Measurement> {
  const { id, architecture, parameters, report } = model
  const windows = validationText(model, characters)
  const evaluator = await createEvaluator(nativeBackend(threads), architecture, architecture.context)
  const measured = await evaluator.evaluate(parameters, windows, { onProgress: progress.update })
  await evaluator.release()
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
