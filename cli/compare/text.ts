/** A comparison for a person to read. */

import type { PairedDifference } from '@core/evaluate/proportions'
import type { Speed } from '@core/generate/records'
import { effectiveText, sizeText } from '../terminal/model-figures'
import type { Terminal } from '../terminal/terminal'
import type { ComparedModel, Comparison, SwitchedOff } from './command'
import { axisText, logScale, type Meter, meterText, type Scale } from './meter'
import { loadLines, stripLines } from './routing-strip'
import type { ComparedScore } from './score'

export function textOf(comparison: Comparison, terminal: Terminal): string {
  const sections = [
    writtenLines(comparison, terminal),
    ...(comparison.experts_off ? [offLines(comparison.experts_off, terminal)] : []),
    ...(comparison.score ? [scoreLines(comparison.score, comparison.models, terminal)] : []),
    ...chartLines([sizeChart(comparison), speedChart(comparison), lossChart(comparison)], comparison.models, terminal),
    ...comparison.models.flatMap((model) => (model.routing ? [routingLines(model, model.routing, terminal)] : []))
  ]
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function writtenLines({ prompt, models, seed, temperature }: Comparison, { paint, columns }: Terminal): string[] {
  return [
    `${paint.bold('What they write')}  seed ${seed}, temperature ${temperature}`,
    ...models.flatMap((model) => [
      paint[model.role](model.id),
      ...wrapped(prompt, model.text, columns - 2).map(
        ([given, written]) => `  ${paint.dim(given)}${paint[model.role](written)}`
      )
    ])
  ]
}

/** The words are those of the screen. */
function offLines({ model, experts, of, name, loss, all_experts: whole }: SwitchedOff, { paint, columns }: Terminal) {
  const change =
    loss &&
    `${loss.delta < 0 ? '-' : '+'}${Math.abs(loss.delta).toFixed(3)} ± ${loss.standard_error?.toFixed(3) ?? '?'}`
  return [
    `${paint.bold(`${experts} of ${of} experts off`)}  ${paint.moe(model)}, ${name}`,
    ...(loss ? [`  loss ${loss.loss.toFixed(3)}, ${change}  nats per character, ${loss.tokens} characters`] : []),
    'all experts on',
    ...wrapped('', whole.text, columns - 2).map(([, written]) => `  ${paint.moe(written)}`)
  ]
}

function scoreLines(
  { language, questions, chance, models: scores, difference, all_experts: whole }: ComparedScore,
  models: readonly ComparedModel[],
  { paint }: Terminal
): string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`
  const differenceLine = (name: string, { difference, low, high }: PairedDifference) =>
    `${name.padEnd(width)}${points(difference)} points  (${points(low)} to ${points(high)})`
  const points = (share: number) => `${share < 0 ? '-' : '+'}${Math.abs(100 * share).toFixed(1)}`
  const width = Math.max(...scores.map(({ id }) => id.length), whole ? 'all experts on'.length : 0) + 2
  return [
    `${paint.bold('Score')}  right answers to the same ${questions} questions of ${language}, with 95 % intervals`,
    ...scores.map(
      ({ id, share, low, high }, i) =>
        `${paint[models[i]?.role ?? 'moe'](id.padEnd(width))}${percent(share)}  (${percent(low)} to ${percent(high)})`
    ),
    differenceLine('difference', difference),
    ...(whole
      ? [
          paint.dim(
            `${'all experts on'.padEnd(width)}${percent(whole.share)}  (${percent(whole.low)} to ${percent(whole.high)})`
          ),
          differenceLine('experts off', whole.difference)
        ]
      : []),
    paint.dim(`${percent(chance)} by guessing`)
  ]
}

/** Lines of a prompt and what follows it, cut to a width: the part of each line that was given, and the rest. */
function wrapped(prompt: string, text: string, width: number): [given: string, written: string][] {
  let at = 0
  return `${prompt}${text}`.split('\n').flatMap((line) => {
    const cuts = Array.from({ length: Math.max(1, Math.ceil(line.length / width)) }, (_, i) =>
      line.slice(i * width, (i + 1) * width)
    )
    const parts = cuts.map((cut): [string, string] => {
      const given = Math.max(0, Math.min(cut.length, prompt.length - at))
      at += cut.length
      return [cut.slice(0, given), cut.slice(given)]
    })
    at++
    return parts
  })
}

/** Groups of bars, one for each model. */
interface Chart {
  readonly question: string
  readonly unit: string
  readonly groups: readonly Group[]
  readonly axis?: { readonly ticks: readonly number[]; readonly scale: Scale }
  readonly notes?: readonly string[]
}

interface Group {
  readonly title: string
  readonly scale: Scale
  /** In the order of the models; undefined where there is nothing to draw. */
  readonly meters: readonly (Meter | undefined)[]
  readonly texts: readonly string[]
}

function sizeChart({ models, ratios }: Comparison): Chart {
  const effectiveMeters = models.map(({ effective: { estimate, low, high } }) => {
    const value = estimate ?? low ?? high
    return value === null ? undefined : { value, low: low ?? value, high: high ?? value }
  })
  const ends = effectiveMeters.flatMap((meter) => (meter ? [meter.low, meter.high] : []))
  const { scale, ticks } = logScale([...models.flatMap(({ total, active }) => [total, active.all]), ...ends])
  const group = (title: string, sizes: readonly number[], ratio: number | null): Group => ({
    title,
    scale,
    meters: sizes.map(exactly),
    texts: withRatio(sizes.map(sizeText), ratio)
  })
  return {
    question: 'Parameters',
    unit: 'total, active and effective (dense-equivalent)',
    groups: [
      group(
        'total',
        models.map(({ total }) => total),
        ratios.total
      ),
      group(
        'active',
        models.map(({ active }) => active.all),
        ratios.active
      ),
      {
        title: 'effective',
        scale,
        meters: effectiveMeters,
        texts: withRatio(
          models.map(({ effective }) => effectiveText(effective)),
          ratios.effective
        )
      }
    ],
    axis: { ticks, scale },
    notes: models.flatMap(({ id, effective }) => (effective.reason ? [`${id}: ${effective.reason}`] : []))
  }
}

function speedChart({ models, ratios, backend, threads }: Comparison): Chart {
  const group = (title: string, meters: readonly Meter[], texts: readonly string[], ratio: number | null): Group => {
    const most = Math.max(...meters.map(({ high }) => high))
    return { title, scale: (speed) => speed / most, meters, texts: withRatio(texts, ratio) }
  }
  const decode = models.map((model) => model.decode_tokens_per_s)
  const prefill = models.map((model) => model.prefill)
  return {
    question: 'Speed',
    unit: `tokens per second, median and quartiles, ${backend} on ${threads} thread${threads > 1 ? 's' : ''}`,
    groups: [
      group('decode', ...metersOf(decode), ratios.decode_tokens_per_s),
      group('prefill', ...metersOf(prefill), ratios.prefill_tokens_per_s)
    ]
  }
}

function metersOf(speeds: readonly Speed[]): [readonly Meter[], readonly string[]] {
  return [
    speeds.map(({ median, low, high }) => ({ value: median, low, high })),
    speeds.map(({ median, low, high }) => `${perSecond(median)} (${perSecond(low)} to ${perSecond(high)})`)
  ]
}

function lossChart({ models }: Comparison): Chart {
  const floor = Math.max(...models.map((model) => model.floor ?? 0))
  const most = Math.max(...models.map((model) => (model.loss ?? floor) * 1.02))
  return {
    question: 'Loss',
    unit: `validation loss, nats per character, from the floor of ${floor.toFixed(3)}`,
    groups: [
      {
        title: 'loss',
        scale: (loss) => (loss - floor) / (most - floor),
        meters: models.map(({ loss }) => (loss === null ? undefined : exactly(loss))),
        texts: models.map(({ loss, loss_over_seeds: seeds }) => {
          if (loss === null) return 'not measured'
          const spread = seeds?.deviation ? ` (seeds ± ${seeds.deviation.toFixed(3)})` : ''
          return `${loss.toFixed(3)}, ${(loss - floor).toFixed(3)} above${spread}`
        })
      }
    ]
  }
}

/** All charts with bars of one length: as long as the words beside them allow. */
function chartLines(charts: readonly Chart[], models: readonly ComparedModel[], terminal: Terminal): string[][] {
  const { paint, columns } = terminal
  const groups = charts.flatMap((chart) => chart.groups)
  const titleWidth = Math.max(...groups.map(({ title }) => title.length)) + 2
  const nameWidth = Math.max(...models.map(({ id }) => id.length)) + 2
  const textWidth = Math.max(...groups.flatMap(({ texts }) => texts.map((text) => text.length))) + 2
  const cells = Math.max(10, columns - titleWidth - nameWidth - textWidth)
  return charts.map(({ question, unit, groups, axis, notes = [] }) => [
    `${paint.bold(question)}  ${unit}`,
    ...groups.flatMap(({ title, scale, meters, texts }) =>
      models.map(({ id, role }, i) => {
        const meter = meters[i]
        const bar = meter ? meterText(meter, scale, cells) : ' '.repeat(cells)
        return `${(i === 0 ? title : '').padEnd(titleWidth)}${paint[role](id.padEnd(nameWidth) + bar)}  ${texts[i]}`
      })
    ),
    ...(axis
      ? [' '.repeat(titleWidth + nameWidth) + paint.dim(axisText(axis.ticks, tickText, axis.scale, cells))]
      : []),
    ...notes.map(paint.dim)
  ])
}

function routingLines(
  model: ComparedModel,
  routing: NonNullable<ComparedModel['routing']>,
  terminal: Terminal
): string[] {
  const { paint, columns } = terminal
  const experts = `top-${routing.top_k} of ${routing.experts} experts for each token`
  return [
    `${paint.bold('Routing')}  ${paint.moe(model.id)}, ${experts}`,
    ...stripLines(model.tokens, routing, columns, paint),
    '',
    ...loadLines(model.tokens, routing, columns, paint)
  ]
}

function exactly(value: number): Meter {
  return { value, low: value, high: value }
}

/** Puts the ratio of the last to the first beside the last. */
function withRatio(texts: readonly string[], ratio: number | null): string[] {
  return texts.map((text, i) => (ratio === null || i < texts.length - 1 ? text : `${text}  × ${ratio.toFixed(2)}`))
}

function perSecond(speed: number): string {
  return speed >= 10_000 ? `${(speed / 1000).toFixed(1)} k` : speed.toFixed(0)
}

function tickText(size: number): string {
  return sizeText(size).replace(/\.0+ /, ' ')
}
