/** `moescope ablate`: what breaks when the router of a model is changed. */
import type { Architecture, MoeFeedForward } from '@core/arch/architecture'
import { moeLayers } from '@core/arch/architecture'
import { domainIds } from '@core/corpus'
import type { Intervention } from '@core/model/intervention'
import { everyExpert, interventionName } from '@core/model/intervention'
import { rankCorrelationByChance } from '@core/rank-correlation'
import type { Spread } from '@core/scaling/spread'
import type { Ablation, AblationRow } from '@core/train/ablate'
import { ablate } from '@core/train/ablate'
import type { ChangedLoss } from '@core/train/paired-losses'
import type { PopularityAndDamage } from '@core/train/popularity'
import { popularityAndDamage, shareOf } from '@core/train/popularity'
import { FailureError, InterruptionError, UsageError } from './errors'
import { openModelStore } from './model-store'
import { defaultThreads, nativeBackend } from './native'
import { readOptions, wholeNumber } from './options'
import { createProgress } from './progress'
import { tableLines } from './table'
import type { Terminal } from './terminal'

export const help = `usage: moescope ablate MODEL [options]

Changes what the routers of an MoE model decide, leaves its weights as they are, and measures by how much its loss
changes on validation text of its corpus, in nats per character: which experts matter, and popularity does not say.
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

/** The experiment with what belongs to the model. */
interface Report extends Ablation {
  readonly model: string
  readonly seed: number
  readonly popularity_and_damage: readonly PopularityAndDamage[]
  /** Of the loss that was reported when the model was trained; null without reports. */
  readonly loss_over_seeds: Spread | null
}

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readOptions(
    args,
    {
      mask: { type: 'string', multiple: true, default: [] },
      'every-expert': { type: 'boolean', default: false },
      'drop-top': { type: 'boolean', default: false },
      random: { type: 'boolean', default: false },
      'top-k': { type: 'string', multiple: true, default: [] },
      force: { type: 'string', multiple: true, default: [] },
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
  const chosen: Chosen = {
    masks: values.mask.map((text) => placeOf('--mask', text, 'L:E[,E...]')),
    forced: values.force.map((text) => placeOf('--force', text, 'L:E')),
    topKs: values['top-k'].map((text) => wholeNumber('--top-k', text)),
    everyExpert: values['every-expert'],
    dropTop: values['drop-top'],
    random: values.random
  }
  const store = await openModelStore(terminal.modelsFolder)
  const model = await store.open(name)
  if (moeLayers(model.architecture).length === 0) {
    throw new FailureError(`model '${name}' is dense: it has no router to change`)
  }
  const interventions = interventionsOf(chosen, model.architecture)
  const { loss_over_seeds } = await store.figures(name)
  const progress = createProgress(terminal, `changing ${name}`)
  const signal = terminal.interruption()
  const ablation = await ablate(nativeBackend(threads), model, {
    interventions,
    tokens,
    seed,
    signal,
    onProgress: progress.update
  })
    .catch((error: unknown) => {
      if (signal.aborted && error === signal.reason)
        throw new InterruptionError('interrupted before anything was known')
      throw error
    })
    .finally(progress.end)
  const report = {
    model: name,
    seed,
    ...ablation,
    popularity_and_damage: popularityAndDamage(ablation),
    loss_over_seeds
  }
  terminal.write(values.json ? `${JSON.stringify(jsonOf(report))}\n` : textOf(report, terminal))
  if (ablation.interrupted) {
    throw new InterruptionError(`interrupted after ${ablation.rows.length} of ${interventions.length} changes`)
  }
}

interface Chosen {
  readonly masks: readonly Place[]
  readonly forced: readonly Place[]
  readonly topKs: readonly number[]
  readonly everyExpert: boolean
  readonly dropTop: boolean
  readonly random: boolean
}

/** Experts of a layer, or of all. */
interface Place {
  readonly layer?: number
  readonly experts: readonly number[]
}

function placeOf(option: string, text: string, form: 'L:E' | 'L:E[,E...]'): Place {
  const pattern = form === 'L:E' ? /^(all|\d+):(\d+)$/ : /^(all|\d+):(\d+(?:,\d+)*)$/
  const [, layer, experts] = pattern.exec(text) ?? []
  if (layer === undefined || experts === undefined) {
    throw new UsageError(`${option}: expected ${form}, such as 0:3 or all:3, found '${text}'`)
  }
  return { ...(layer === 'all' ? {} : { layer: Number(layer) }), experts: experts.split(',').map(Number) }
}

function interventionsOf(chosen: Chosen, architecture: Architecture): Intervention[] {
  const { masks, forced, topKs, dropTop, random } = chosen
  const shapes = architecture.layers.flatMap(({ feedForward }) => (feedForward.kind === 'moe' ? [feedForward] : []))
  const named = masks.length + forced.length + topKs.length > 0 || chosen.everyExpert || dropTop || random
  const ks = named ? topKs : usualKs(shapes)
  return [
    ...masks.map((place): Intervention => ({ kind: 'mask', ...place })),
    ...forced.map(({ experts: [expert = 0], ...place }): Intervention => ({ kind: 'force', ...place, expert })),
    ...(dropTop || !named ? droppedTops(shapes) : []),
    ...(random || !named
      ? (['uniform', 'trained'] as const).map((gates): Intervention => ({ kind: 'random', gates }))
      : []),
    ...ks.map((topK): Intervention => ({ kind: 'top-k', topK })),
    ...(chosen.everyExpert ? everyExpert(architecture) : [])
  ]
}

/** Both ways to lose the best, as far as every layer has experts enough. */
function droppedTops(shapes: readonly MoeFeedForward[]): Intervention[] {
  return [true, false]
    .filter((replace) => shapes.every(({ experts, topK }) => (replace ? topK < experts : topK > 1)))
    .map((replace) => ({ kind: 'drop-best', replace }))
}

/** One less and one more than trained, as far as there are. */
function usualKs(shapes: readonly MoeFeedForward[]): number[] {
  const [{ topK } = { topK: 0 }] = shapes
  return [topK - 1, topK + 1].filter((k) => shapes.every(({ experts }) => k >= 1 && k <= experts))
}

function jsonOf({ rows, ...report }: Report) {
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

function textOf(report: Report, { paint }: Terminal): string {
  const { model, baseline, rows } = report
  const domains = domainIds.filter((id) => baseline.domains[id])
  const [heading = '', whole = '', ...changed] = tableLines([
    ['nats per character', 'load', 'loss', 'change', ...domains],
    [model, '', baseline.loss.toFixed(4), '', ...domains.map((id) => baseline.domains[id]?.loss.toFixed(3) ?? '')],
    ...worstExpertsLast(rows).map((row) => [
      `  ${interventionName(row.intervention)}`,
      loadText(row, report),
      row.loss.toFixed(4),
      changeText(row),
      ...domains.map((id) => signed(row.domains[id]?.delta ?? Number.NaN, 2))
    ])
  ])
  const notes = [
    `${baseline.tokens} characters, the same for all; change ± its standard error; by language: loss, then changes`,
    ...seedText(report),
    ...report.popularity_and_damage.map(correlationText)
  ]
  return `${[paint.dim(heading), paint.bold(whole), ...changed, ...notes].join('\n')}\n`
}

/** Experts that were masked alone by what they did, after all others, with the worst in sight of the notes. */
function worstExpertsLast(rows: readonly AblationRow[]): AblationRow[] {
  const isAlone = ({ intervention }: AblationRow) => intervention.kind === 'mask' && intervention.experts.length === 1
  const alone = rows.filter(isAlone).sort((a, b) => a.delta - b.delta)
  return [...rows.filter((row) => !isAlone(row)), ...alone]
}

/** The share of a layer's assignments that the masked experts had. */
function loadText({ intervention }: AblationRow, { baseline }: Report): string {
  if (intervention.kind !== 'mask') return ''
  const loads = baseline.loads.find(({ layer }) => layer === intervention.layer)?.experts
  if (!loads) return ''
  const share = [...new Set(intervention.experts)].reduce((sum, expert) => sum + shareOf(loads, expert), 0)
  return `${(100 * share).toFixed(1)} %`
}

function changeText({ delta, standardError }: AblationRow): string {
  return standardError === null ? signed(delta, 4) : `${signed(delta, 4)} ± ${standardError.toFixed(4)}`
}

/** With its sign, which a number that rounds to 0 has not. */
function signed(value: number, digits: number): string {
  const size = Math.abs(value).toFixed(digits)
  return Number(size) === 0 ? size : `${value < 0 ? '-' : '+'}${size}`
}

function seedText({ model, loss_over_seeds: spread }: Report): string[] {
  if (!spread) return [`how far the loss of ${model} differs between training seeds is not known: it has no report`]
  if (spread.deviation === null)
    return [`how far the loss of ${model} differs between training seeds is not known: one seed`]
  return [`between ${spread.seeds} training seeds the loss of ${model} differs by ± ${spread.deviation.toFixed(4)}`]
}

function correlationText({ layer, experts, correlation }: PopularityAndDamage): string {
  const which = layer === null ? `all ${experts} experts` : `the ${experts} experts of layer ${layer}`
  const found = correlation === null ? 'has no order' : signed(correlation, 2)
  const chance = rankCorrelationByChance(experts).toFixed(2)
  return `load and damage of ${which}: rank correlation ${found}, by chance 0 ± ${chance}`
}
