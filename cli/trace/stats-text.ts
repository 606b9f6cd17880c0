/** Text of `moescope trace stats`. */
import type { Paint } from '../terminal/paint'
import { tableLines } from '../terminal/table'
import type { CountsReport } from './counts-report'
import type { BalanceReport, LayerReport, TraceReport } from './report'

/** The tables of a file's figures, then what could not be computed, and its notes. */
export function statsText(path: string, report: TraceReport | CountsReport, paint: Paint): string {
  const title = `${paint.bold(path)}: ${shapeOf(report, paint)}`
  const missing = byReason(report.unavailable).map(([names, reason]) => `${names.join(', ')}: ${reason}`)
  const parts = [title, ...tablesOf(report, paint), [...missing, ...report.notes].join('\n')]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function shapeOf(report: TraceReport | CountsReport, paint: Paint): string {
  const { model, layers, top_k } = report
  const { experts } = layers[0] ?? { experts: 0 }
  const of = model === '' ? '' : ` of ${paint.moe(model)}`
  const chosen = top_k === null ? `${experts} experts` : `top-${top_k} of ${experts} experts`
  const amount = report.kind === 'trace' ? `${report.tokens} tokens` : countsAmount(report.steps)
  return `${amount}, ${layers.length} MoE layers${of}, ${chosen}`
}

function countsAmount(steps: number): string {
  return steps === 1 ? 'counts' : `counts of ${steps} steps`
}

function tablesOf(report: TraceReport | CountsReport, paint: Paint): string[] {
  const random = report.layers[0]?.baselines ?? {}
  if (report.kind === 'counts') return [table(report.layers, balanceColumns(random), paint)]
  const { layers } = report
  const evenness = [...balanceColumns(random), ...neighbourColumns(random)]
  return [evenness, textColumns(report, random), routerColumns(layers)]
    .filter((columns) => columns.length > 0)
    .map((columns) => table(layers, columns, paint))
}

/** One column of a table: its heading, what a layer has in it, and what random routing gives. */
type Column<Layer> = readonly [heading: string, value: (layer: Layer) => string, random: string]

function table<Layer extends BalanceReport>(
  layers: readonly Layer[],
  columns: readonly Column<Layer>[],
  paint: Paint
): string {
  const [heading = '', ...rows] = tableLines([
    ['layer', ...columns.map(([name]) => name)],
    ...layers.map((layer) => [String(layer.layer), ...columns.map(([, value]) => value(layer))]),
    ['random', ...columns.map(([, , random]) => random)]
  ])
  const random = rows.pop() ?? ''
  return [paint.dim(heading), ...rows, paint.dim(random)].join('\n')
}

/** Names, in words, that have the same reason. */
function byReason(unavailable: Readonly<Record<string, string>>): [names: string[], reason: string][] {
  const reasons = new Map<string, string[]>()
  for (const [name, reason] of Object.entries(unavailable)) {
    reasons.set(reason, [...(reasons.get(reason) ?? []), name.replaceAll('_', ' ')])
  }
  return [...reasons].map(([reason, names]) => [names, reason])
}

function balanceColumns(random: BalanceReport['baselines']): Column<BalanceReport>[] {
  return [
    ['CV', ({ cv }) => decimals(cv, 3), decimals(random.cv, 3)],
    ['entropy', ({ entropy }) => decimals(entropy, 4), '1'],
    ['Jain', ({ jain }) => decimals(jain, 4), '1'],
    ['max violation', ({ max_violation }) => decimals(max_violation, 3), ''],
    ['dead', ({ dead }) => String(dead), '']
  ]
}

function neighbourColumns(random: BalanceReport['baselines']): Column<LayerReport>[] {
  return [
    ['dropped', ({ dropped }) => percent(dropped.choices), ''],
    ['repeat 1st', ({ repeat_first }) => percent(repeat_first), percent(random.repeat_first)],
    ['repeat any', ({ repeat_any }) => percent(repeat_any), percent(random.repeat_any)]
  ]
}

function textColumns(
  { batch, capacity, layers }: TraceReport,
  random: BalanceReport['baselines']
): Column<LayerReport>[] {
  const [first] = layers
  const columns: Column<LayerReport>[] = [
    ['closest pair', ({ co_activation: [pair] = [] }) => (pair ? pair.experts.join('+') : ''), ''],
    [
      'together',
      ({ co_activation: [pair] = [] }) => (pair ? pair.shares.map(percent).join(', ') : ''),
      percent(random.co_activation)
    ],
    [`unique of ${batch}`, ({ unique_experts }) => decimals(unique_experts, 1), decimals(random.unique_experts, 1)],
    [`full at ${capacity.factor}`, ({ dropped_at_capacity }) => percent(dropped_at_capacity.choices), '']
  ]
  if (first?.domain_information) {
    columns.push(['domain bits', ({ domain_information: bits }) => decimals(bits?.any.corrected, 3), '0'])
  }
  if (first?.token_information) {
    columns.push(['token bits', ({ token_information: bits }) => decimals(bits?.corrected, 3), '0'])
    const favourite = percent(random.vocabulary_specialisation)
    columns.push(['favourite', ({ vocabulary_specialisation: share }) => percent(share), favourite])
  }
  return columns
}

function routerColumns([first]: readonly LayerReport[]): Column<LayerReport>[] {
  if (!first?.router) return []
  const columns: Column<LayerReport>[] = [
    ['largest', ({ router }) => percent(router?.largest), ''],
    ['entropy, bits', ({ router }) => decimals(router?.entropy_bits, 3), '']
  ]
  if (first.router.from === 'weights') {
    return [...columns, ['sum of weights', ({ router }) => decimals(router?.weight_sum, 3), '']]
  }
  return [
    ...columns,
    ['top-k mass', ({ router }) => percent(router?.top_k_mass), ''],
    ['balance loss', ({ balance_loss }) => decimals(balance_loss?.per_assignment, 4), '1'],
    ['z-loss', ({ z_loss }) => decimals(z_loss, 3), '']
  ]
}

function percent(share: number | undefined): string {
  return share === undefined || Number.isNaN(share) ? '' : `${(100 * share).toFixed(1)} %`
}

function decimals(value: number | undefined, digits: number): string {
  // Not -0.000.
  return value === undefined || Number.isNaN(value) ? '' : value.toFixed(digits).replace(/^-(0\.?0*)$/, '$1')
}
