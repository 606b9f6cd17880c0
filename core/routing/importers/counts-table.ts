/** Counts from a CSV table, a row for each step, layer and expert. */
import type { ByteSource } from '../../formats/byte-source'
import type { CsvTable } from '../../formats/csv'
import { FormatError } from '../../formats/format-error'
import { giveWay } from '../../give-way'
import { type Readable, type ReadOptions, throwIfStopped } from './importer'
import { mostExperts, mostLayers } from './limits'
import { type CountRow, countsOfRows, mostCounts } from './routing-counts'

/**
 * Reads all counts; nothing is left to ask. Rejects with a `FormatError` that names the row.
 * @param columns the places of `step`, `layer`, `expert` and `count`; without a step, all is one
 */
export async function readCountsTable(
  source: ByteSource,
  table: CsvTable,
  columns: readonly [step: number | undefined, layer: number, expert: number, count: number],
  options: ReadOptions
): Promise<Readable> {
  const found: CountRow[] = []
  for await (const block of table.blocks()) {
    for (let row = 0; row < block.count; row++) {
      const values = columns.map((column) => (column === undefined ? 0 : block.integer(row, column)))
      const place = values.findIndex((value, i) => !(value >= 0 && value < (mostOf[i] ?? 0)))
      if (place >= 0) {
        const name = table.names[columns[place] ?? 0]
        throw new FormatError(
          `row ${block.first + row}: ${name}: expected a whole number below ${mostOf[place]}, found ` +
            JSON.stringify(block.text(row, columns[place] ?? 0))
        )
      }
      const [step = 0, layer = 0, expert = 0, count = 0] = values
      if (found.push([step, layer, expert, count]) > mostCounts) throw new FormatError(`more than ${mostCounts} counts`)
    }
    options.progress?.(block.end, source.size)
    await giveWay()
    throwIfStopped(options)
  }
  const experts = found.reduce((most, [, , expert]) => Math.max(most, expert + 1), 1)
  return readableRows(found, source.name, experts)
}

/**
 * Reads a table with a row for each layer, or each step and layer, and a column for each expert. Rejects with a
 * `FormatError` that names the row.
 *
 * @param experts the places of their columns
 */
export async function readWideCounts(
  source: ByteSource,
  table: CsvTable,
  [step, layer]: readonly [step: number | undefined, layer: number],
  experts: readonly number[],
  options: ReadOptions
): Promise<Readable> {
  const found: CountRow[] = []
  const seen = new Set<string>()
  for await (const block of table.blocks()) {
    for (let row = 0; row < block.count; row++) {
      const place = `row ${block.first + row}`
      const [at, of] = [step === undefined ? 0 : block.integer(row, step), block.integer(row, layer)]
      if (!(at >= 0 && of >= 0 && of < mostLayers)) throw new FormatError(`${place}: expected the layer as a number`)
      if (seen.has(`${at} ${of}`)) {
        throw new FormatError(
          `${place}: layer ${of} has several rows: expected a column of the step or token, or one row for each layer`
        )
      }
      seen.add(`${at} ${of}`)
      for (const [expert, column] of experts.entries()) {
        const count = block.decimal(row, column)
        if (!(count >= 0 && Number.isInteger(count))) {
          throw new FormatError(`${place}: ${table.names[column]}: expected a count, found ${block.text(row, column)}`)
        }
        if (found.push([at, of, expert, count]) > mostCounts) throw new FormatError(`more than ${mostCounts} counts`)
      }
    }
    options.progress?.(block.end, source.size)
    await giveWay()
    throwIfStopped(options)
  }
  return readableRows(found, source.name, experts.length)
}

function readableRows(found: readonly CountRow[], source: string, experts: number): Readable {
  if (found.length === 0) throw new FormatError('no row of step, layer, expert, count')
  const note = 'The file has counts without tokens: only how often each expert was chosen can be told.'
  const routing = countsOfRows(found, { source, experts, note })
  const preview = found.slice(0, 8).map(([step, layer, expert, count]) => `${step},${layer},${expert},${count}`)
  return { questions: [], preview: preview.join('\n'), open: async () => routing }
}

const mostOf = [mostCounts, mostLayers, mostExperts, Number.MAX_SAFE_INTEGER]
