/** Counts from a CSV table, a row for each step, layer and expert. */
import type { ByteSource } from '../../formats/byte-source'
import type { CsvTable } from '../../formats/csv'
import { FormatError } from '../../formats/format-error'
import { giveWay } from '../../give-way'
import type { RoutingCounts } from '../trace'
import { type Readable, type ReadOptions, throwIfStopped } from './importer'
import { mostExperts, mostLayers } from './limits'

/** Counts that are made from a file, however few of them it has: 128 MiB. */
const mostCounts = 2 ** 24

/**
 * Reads all counts; nothing is left to ask. Rejects with a `FormatError` that names the row.
 * @param columns the places of `step`, `layer`, `expert` and `count`
 */
export async function readCountsTable(
  source: ByteSource,
  table: CsvTable,
  columns: readonly [step: number, layer: number, expert: number, count: number],
  options: ReadOptions
): Promise<Readable> {
  const found: number[][] = []
  for await (const block of table.blocks()) {
    for (let row = 0; row < block.count; row++) {
      const values = columns.map((column) => block.integer(row, column))
      const place = values.findIndex((value, i) => !(value >= 0 && value < (mostOf[i] ?? 0)))
      if (place >= 0) {
        const name = table.names[columns[place] ?? 0]
        throw new FormatError(
          `row ${block.first + row}: ${name}: expected a whole number below ${mostOf[place]}, found ` +
            JSON.stringify(block.text(row, columns[place] ?? 0))
        )
      }
      if (found.push(values) > mostCounts) throw new FormatError(`more than ${mostCounts} counts`)
    }
    options.progress?.(block.end, source.size)
    await giveWay()
    throwIfStopped(options)
  }
  if (found.length === 0) throw new FormatError('no row of step, layer, expert, count')
  const routing = countsOf(found, source.name)
  const preview = found.slice(0, 8).map(([step, layer, expert, count]) => `${step},${layer},${expert},${count}`)
  return { questions: [], preview: preview.join('\n'), open: async () => routing }
}

const mostOf = [mostCounts, mostLayers, mostExperts, Number.MAX_SAFE_INTEGER]

function countsOf(found: readonly (readonly number[])[], source: string): RoutingCounts {
  const different = (column: number) => [...new Set(found.map((row) => row[column] ?? 0))].sort((a, b) => a - b)
  const [steps, layers] = [different(0), different(1)]
  const experts = found.reduce((most, [, , expert = 0]) => Math.max(most, expert + 1), 1)
  if (steps.length * layers.length * experts > mostCounts) {
    throw new FormatError(`${steps.length} steps of ${layers.length} layers with ${experts} experts are too many`)
  }
  const placeOf = (values: readonly number[]) => new Map(values.map((value, place) => [value, place]))
  const [stepPlaces, layerPlaces] = [placeOf(steps), placeOf(layers)]
  const counts = new Float64Array(steps.length * layers.length * experts)
  for (const [step = 0, layer = 0, expert = 0, count = 0] of found) {
    const row = (stepPlaces.get(step) ?? 0) * layers.length + (layerPlaces.get(layer) ?? 0)
    counts[row * experts + expert] = (counts[row * experts + expert] ?? 0) + count
  }
  return {
    kind: 'counts',
    model: '',
    source,
    layers,
    experts,
    topK: undefined,
    steps: steps.length,
    counts,
    notes: ['The file has counts without tokens: only how often each expert was chosen can be told.']
  }
}
