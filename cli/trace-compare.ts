/** `moescope trace compare`: how alike two traces of the same text are. */
import { type Agreement, compareTraces } from '@core/routing/statistics/agreement'
import { InterruptionError } from './errors'
import { readOptions } from './options'
import { createProgress } from './progress'
import { tableLines } from './table'
import type { Terminal } from './terminal'
import { filterOf, filterOptions } from './trace-filter'
import { withTrace } from './trace-source'

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readOptions(args, { ...filterOptions, json: { type: 'boolean' } }, ['A', 'B'])
  const [a = '', b = ''] = positionals
  const progress = createProgress(terminal, `comparing ${a} and ${b}`)
  const signal = terminal.interruption()
  const comparison = await withTrace(a, (traceOfA) =>
    withTrace(b, async (traceOfB) => {
      const filter = filterOf(traceOfA, values)
      const agreement = await compareTraces(traceOfA, traceOfB, { filter, signal, onProgress: progress.update })
      return comparisonOf(agreement, traceOfA.layers)
    })
  )
    .catch((error: unknown) => {
      throw signal.aborted && error === signal.reason ? new InterruptionError('interrupted') : error
    })
    .finally(progress.end)
  terminal.write(
    values.json ? `${JSON.stringify({ files: [a, b], ...comparison })}\n` : textOf(a, b, comparison, terminal)
  )
}

interface Comparison {
  readonly tokens: number
  readonly layers: readonly {
    /** Place among all layers of the model. */
    readonly layer: number
    readonly same_first: number
    /** The mean share of a token's experts that both have: saturation, where A is a checkpoint and B the last one. */
    readonly overlap: number
    readonly same_set: number
  }[]
  readonly baselines: { readonly same_first: number; readonly overlap: number; readonly same_set: number }
  readonly notes: readonly string[]
}

function comparisonOf(agreement: Agreement, layers: readonly number[]): Comparison {
  const { tokens, baselines, notes } = agreement
  return {
    tokens,
    layers: agreement.layers.map((place, i) => ({
      layer: layers[place] ?? place,
      same_first: agreement.sameFirst[i] ?? Number.NaN,
      overlap: agreement.overlap[i] ?? Number.NaN,
      same_set: agreement.sameSet[i] ?? Number.NaN
    })),
    baselines: { same_first: baselines.sameFirst, overlap: baselines.overlap, same_set: baselines.sameSet },
    notes
  }
}

function textOf(a: string, b: string, { tokens, layers, baselines, notes }: Comparison, { paint }: Terminal): string {
  const row = (name: string, each: Comparison['baselines']) => [
    name,
    ...[each.same_first, each.overlap, each.same_set].map((share) => `${(100 * share).toFixed(1)} %`)
  ]
  const [heading = '', ...rows] = tableLines([
    ['layer', 'same first choice', 'overlap (saturation)', 'same set'],
    ...layers.map((each) => row(String(each.layer), each)),
    row('random', baselines)
  ])
  const random = rows.pop() ?? ''
  const title = `${paint.bold(a)} and ${paint.bold(b)}: ${tokens} tokens`
  return `${[title, '', paint.dim(heading), ...rows, paint.dim(random), ...notes].join('\n')}\n`
}
