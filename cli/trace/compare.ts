/** `moescope trace compare`: how alike two traces of the same text are. */
import type { QuestionId, Routing } from '@core/routing/importers/importer'
import { type Agreement, compareTraces } from '@core/routing/statistics/agreement'
import type { Trace } from '@core/routing/trace'
import { FailureError, UsageError } from '../terminal/errors'
import { readOptions } from '../terminal/options'
import { createProgress } from '../terminal/progress'
import { tableLines } from '../terminal/table'
import type { Terminal } from '../terminal/terminal'
import { answerOptions, openingOf, optionName } from './answers'
import { filterOf, filterOptions, noTokens } from './filter'
import { withRouting } from './source'

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const options = { ...answerOptions, ...filterOptions, json: { type: 'boolean' } } as const
  const { values, positionals } = readOptions(args, options, ['A', 'B'])
  const [a = '', b = ''] = positionals
  const signal = terminal.interruption()
  // Each file takes the answers that it asks for, so that a file which tells all is compared with one which does not.
  const unasked: (readonly QuestionId[])[] = []
  const opening = { ...openingOf(values), signal, onUnasked: (ids: readonly QuestionId[]) => void unasked.push(ids) }
  const comparison = await withRouting(a, opening, terminal, (routingOfA) =>
    withRouting(b, opening, terminal, async (routingOfB) => {
      refuseUnasked(unasked, `${a} nor ${b}`)
      const [traceOfA, traceOfB] = [traceOf(routingOfA, a), traceOf(routingOfB, b)]
      const filter = filterOf(traceOfA, values)
      const progress = createProgress(terminal, `comparing ${a} and ${b}`)
      const comparing = compareTraces(traceOfA, traceOfB, { filter, signal, onProgress: progress.update })
      return comparisonOf(await comparing.finally(progress.end), traceOfA.layers)
    })
  )
  if (comparison.tokens === 0) throw noTokens(a, values)
  terminal.write(
    values.json ? `${JSON.stringify({ files: [a, b], ...comparison })}\n` : textOf(a, b, comparison, terminal)
  )
}

/** Throws a `UsageError` for an answer that neither file asks for. */
function refuseUnasked([first = [], second = []]: readonly (readonly QuestionId[])[], files: string): void {
  const [useless] = first.filter((id) => second.includes(id))
  if (useless !== undefined) throw new UsageError(`${optionName(useless)}: neither ${files} asks for it`)
}

function traceOf(routing: Routing, path: string): Trace {
  if (routing.kind === 'trace') return routing
  throw new FailureError(
    `${path} only counts how often experts were chosen, and traces are compared token by token: ` +
      'moescope trace stats tells how evenly each file uses its experts'
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
    ...[each.same_first, each.overlap, each.same_set].map((share) =>
      Number.isNaN(share) ? '' : `${(100 * share).toFixed(1)} %`
    )
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
