import { FormatError } from '../../formats/format-error'
import type { RoutingCounts } from '../trace'

/** Counts that are made from a file, however few of them it has: 128 MiB. */
export const mostCounts = 2 ** 24

/** Times that an expert of a layer was chosen in a step. */
export type CountRow = readonly [step: number, layer: number, expert: number, count: number]

/**
 * Counts without tokens of rows in any order; those of the same step, layer and expert add up. Throws a `FormatError`
 * when steps, layers and experts make more than 2^24 counts.
 *
 * @param note what cannot be told of them
 */
export function countsOfRows(
  rows: readonly CountRow[],
  { source, experts, note }: { readonly source: string; readonly experts: number; readonly note: string }
): RoutingCounts {
  const [steps, layers] = [placesOf(rows, 0), placesOf(rows, 1)]
  if (steps.size * layers.size * experts > mostCounts) {
    throw new FormatError(`${steps.size} steps of ${layers.size} layers with ${experts} experts are too many`)
  }
  const counts = new Float64Array(steps.size * layers.size * experts)
  for (const [step, layer, expert, count] of rows) {
    const at = ((steps.get(step) ?? 0) * layers.size + (layers.get(layer) ?? 0)) * experts + expert
    counts[at] = (counts[at] ?? 0) + count
  }
  return {
    kind: 'counts',
    model: '',
    source,
    layers: [...layers.keys()],
    experts,
    topK: undefined,
    steps: steps.size,
    counts,
    notes: [note]
  }
}

/** The different values of a column, ascending, each with its place among them. */
function placesOf(rows: readonly CountRow[], column: 0 | 1): ReadonlyMap<number, number> {
  const values = [...new Set(rows.map((row) => row[column]))].sort((a, b) => a - b)
  return new Map(values.map((value, place) => [value, place]))
}
