/** `moescope trace stats`: the statistics of a trace. */
import { FailureError, InterruptionError } from './errors'
import { numberWithin, readOptions, wholeNumber } from './options'
import { createProgress } from './progress'
import { tableLines } from './table'
import type { Terminal } from './terminal'
import { filterOf, filterOptions } from './trace-filter'
import { type LayerReport, reportOf, type TraceReport } from './trace-report'
import { withTrace } from './trace-source'

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readOptions(
    args,
    {
      ...filterOptions,
      capacity: { type: 'string', default: '1.25' },
      window: { type: 'string', default: '4096' },
      batch: { type: 'string', default: '64' },
      dead: { type: 'string', default: '0' },
      json: { type: 'boolean' }
    },
    ['FILE']
  )
  const [path = ''] = positionals
  const options = {
    capacity: numberWithin('--capacity', values.capacity, 0.01, 1000),
    window: wholeNumber('--window', values.window, 1, 100_000_000),
    batch: wholeNumber('--batch', values.batch, 1, 100_000_000),
    deadBelowShare: numberWithin('--dead', values.dead, 0, 1)
  }
  const progress = createProgress(terminal, `reading ${path}`)
  const signal = terminal.interruption()
  const report = await withTrace(path, (trace) =>
    reportOf(trace, { ...options, filter: filterOf(trace, values), signal, onProgress: progress.update })
  )
    .catch((error: unknown) => {
      throw signal.aborted && error === signal.reason ? new InterruptionError('interrupted') : error
    })
    .finally(progress.end)
  if (report.tokens === 0) {
    throw new FailureError(`${path} has no tokens${values.domain ? ` of domain ${values.domain.join(', ')}` : ''}`)
  }
  terminal.write(values.json ? `${JSON.stringify({ file: path, ...report })}\n` : textOf(path, report, terminal))
}

/** One column of a table: its heading, what a layer has in it, and what random routing gives. */
type Column = readonly [heading: string, value: (layer: LayerReport) => string, random: string]

function textOf(path: string, report: TraceReport, { paint }: Terminal): string {
  const { tokens, top_k, layers, notes } = report
  const [{ experts, baselines } = { experts: 0, baselines: {} }] = layers
  const of = report.model === '' ? '' : ` of ${paint.moe(report.model)}`
  const counts = `${tokens} tokens, ${layers.length} MoE layers${of}, ${top_k} of ${experts} experts each`
  const title = `${paint.bold(path)}: ${counts}`
  const tables = [evenColumns(baselines), textColumns(report, baselines), routerColumns(layers)]
    .filter((columns) => columns.length > 0)
    .map((columns) => {
      const [heading = '', ...rows] = tableLines([
        ['layer', ...columns.map(([name]) => name)],
        ...layers.map((layer) => [String(layer.layer), ...columns.map(([, value]) => value(layer))]),
        ['random', ...columns.map(([, , random]) => random)]
      ])
      const random = rows.pop() ?? ''
      return [paint.dim(heading), ...rows, paint.dim(random)].join('\n')
    })
  const missing = Object.entries(report.unavailable).map(([name, reason]) => `${name.replaceAll('_', ' ')}: ${reason}`)
  return `${[title, ...tables, [...missing, ...notes].join('\n')].filter((part) => part !== '').join('\n\n')}\n`
}

function evenColumns(random: LayerReport['baselines']): Column[] {
  return [
    ['CV', ({ cv }) => cv.toFixed(3), decimals(random.cv, 3)],
    ['entropy', ({ entropy }) => entropy.toFixed(4), '1'],
    ['Jain', ({ jain }) => jain.toFixed(4), '1'],
    ['max violation', ({ max_violation }) => max_violation.toFixed(3), ''],
    ['dead', ({ dead }) => String(dead), ''],
    ['dropped', ({ dropped }) => percent(dropped.choices), ''],
    ['repeat 1st', ({ repeat_first }) => percent(repeat_first), percent(random.repeat_first)],
    ['repeat any', ({ repeat_any }) => percent(repeat_any), percent(random.repeat_any)]
  ]
}

function textColumns({ batch, capacity, layers }: TraceReport, random: LayerReport['baselines']): Column[] {
  const [first] = layers
  const columns: Column[] = [
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

function routerColumns([first]: readonly LayerReport[]): Column[] {
  if (!first?.router) return []
  const columns: Column[] = [
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
