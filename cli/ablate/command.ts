/** `moescope ablate`: what breaks when the router of a model is changed. */
import { moeLayers } from '@core/arch/architecture'
import type { Ablation } from '@core/evaluate/ablate'
import { loadAndLossIncrease } from '@core/evaluate/load-and-loss'
import type { ChangedLoss } from '@core/evaluate/paired-losses'
import type { AblateSpec } from '@core/lab/kinds/ablate'
import { createMemoryStore } from '@core/lab/memory-store'
import { interventionName } from '@core/model/intervention'
import { compute } from '../terminal/compute'
import { FailureError, InterruptionError } from '../terminal/errors'
import { openModelStore } from '../terminal/model-store'
import { defaultThreads, nativeBackend } from '../terminal/native'
import { readOptions, wholeNumber } from '../terminal/options'
import { createProgress } from '../terminal/progress'
import type { Terminal } from '../terminal/terminal'
import { changeOptions, interventionsOf, readChanges } from './change-options'
import { type AblationReport, ablationText } from './text'

export const help = `usage: moescope ablate MODEL [options]

Changes what the routers of an MoE model decide, leaves its weights as they are, and measures by how much its loss
changes on validation text of its corpus, in nats per character: which experts matter, beside how popular they are.
Every change is measured on the same text; its standard error is that of the paired differences. MODEL is the id of a
shipped model or the folder of any other. Layers and experts count from 0, and L can be 'all'. --mask, --force and
--top-k can be given several times.

  --mask L:E[,E...]  nobody can choose these experts of layer L; the next best take their places
  --every-expert     each expert of each layer masked alone
  --drop-top         every token loses its best expert: the next best moves up, and with k - 1
  --random           experts by chance: with equal gates, and with those that the router gives them
  --top-k K          K experts for each token
  --force L:E        all tokens to expert E of layer L, with gate 1
                     (without any of these: --drop-top --random, and --top-k with one less and one more than trained)
  --tokens N         characters of validation text (default 20000)
  --seed S           of --random (default 1)
  --threads N        of the processor (default ${defaultThreads()})
  --json             {model, seed, windows, baseline: {loss, tokens, domains, loads}, rows: [{name, intervention, loss,
                     delta, standard_error, tokens, domains: {name: {loss, delta, standard_error, tokens}}, loads}],
                     interrupted, popularity_and_damage: [{layer, experts, correlation}], loss_over_seeds}
`

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readOptions(
    args,
    {
      ...changeOptions,
      tokens: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      threads: { type: 'string', default: String(defaultThreads()) },
      json: { type: 'boolean' }
    },
    ['MODEL']
  )
  const [name = ''] = positionals
  const tokens = wholeNumber('--tokens', values.tokens, 1, 100_000_000)
  const seed = wholeNumber('--seed', values.seed, 0)
  const threads = wholeNumber('--threads', values.threads, 1, 1024)
  const chosen = readChanges(values)
  const store = await openModelStore(terminal.modelsFolder)
  const { model, reference } = await store.refer(name)
  if (moeLayers(model.architecture).length === 0) {
    throw new FailureError(`model '${name}' is dense: it has no router to change`)
  }
  const interventions = interventionsOf(chosen, model.architecture)
  const { loss_over_seeds } = await store.figures(name)
  const spec: AblateSpec = { model: reference, interventions, characters: tokens, seed }
  const progress = createProgress(terminal, `changing ${name}`)
  const signal = terminal.interruption()
  let ablation: Ablation | undefined
  await compute<Ablation>(
    { kind: 'ablate', spec },
    {
      backend: nativeBackend(threads),
      files: createMemoryStore().files('ablate'),
      openModel: async () => model,
      signal,
      onProgress: (done) => progress.update(done, 1),
      onEvent: (part) => {
        ablation = part
      }
    }
  )
    .catch((error: unknown) => {
      if (!signal.aborted || error !== signal.reason) throw error
    })
    .finally(progress.end)
  if (!ablation) throw new InterruptionError('interrupted before anything was known')
  const interrupted = ablation.rows.length < interventions.length
  const report = {
    model: name,
    seed,
    ...ablation,
    interrupted,
    popularity_and_damage: loadAndLossIncrease(ablation),
    loss_over_seeds
  }
  terminal.write(values.json ? `${JSON.stringify(jsonOf(report))}\n` : ablationText(report, terminal.paint))
  if (interrupted) {
    throw new InterruptionError(`interrupted after ${ablation.rows.length} of ${interventions.length} changes`)
  }
}

function jsonOf({ rows, ...report }: AblationReport) {
  return {
    ...report,
    rows: rows.map(({ intervention, domains, loads, ...row }) => ({
      name: interventionName(intervention),
      intervention,
      ...changeJson(row),
      domains: Object.fromEntries(Object.entries(domains).map(([id, change]) => [id, changeJson(change)])),
      loads
    }))
  }
}

function changeJson({ loss, delta, standardError: standard_error, tokens }: ChangedLoss) {
  return { loss, delta, standard_error, tokens }
}
