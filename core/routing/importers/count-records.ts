/**
 * Records of counts, as JSON or JSON lines: `{"step", "layer", "expert_counts": [experts]}`, `{"layer", "expert", "count"}`,
 * `{"layer", "experts": [3, 9], "counts": [17, 4]}`, or `[layers, experts]` in each.
 */
import { z } from 'zod'
import { FormatError } from '../../formats/format-error'
import { parsedBy } from '../../formats/problems'
import type { Importer } from './importer'
import { checkCount, mostExperts, mostLayers } from './limits'
import { nameIn, recordNames } from './record-names'
import { recordsOf, type Values, whereOf } from './records'
import { type CountRow, countsOfRows } from './routing-counts'

const any = (names: readonly string[], value: string) => new RegExp(`"(${names.join('|')})"\\s*:\\s*${value}`)
const lists = any(recordNames.counts, '[[{]')
const single = any(recordNames.count, '\\d')
const expert = any(recordNames.expert, '\\d')
const layer = any([...recordNames.layer, ...recordNames.module, ...recordNames.pass], '["\\d]')
const token = any([...recordNames.token, ...recordNames.tokenId], '')

/** True where the beginning of a text has records of counts, and none of tokens. */
export function areCountRecords(head: string): boolean {
  if (!/^[{[]/.test(head) || token.test(head)) return false
  return (lists.test(head) || (single.test(head) && expert.test(head))) && layer.test(head)
}

export const countRecords: Importer = {
  format: 'count-records',
  label: 'records of counts (JSON lines of layer, expert_counts)',
  detect: ({ content }) => (content.kind === 'text' && areCountRecords(content.head) ? 'certain' : 'no'),
  read: async (file, options) => {
    const rows: CountRow[] = []
    const notes = new Set<string>()
    const seen = new Set<string>()
    let [experts, others] = [1, 0]
    for await (const { place, record } of recordsOf(file, options, (note) => void notes.add(note))) {
      const found = rowsOf(record, place)
      if (!found) {
        others++
        continue
      }
      experts = Math.max(experts, found.experts)
      for (const row of found.rows) if (row[3] > 0) rows.push(row)
      if (rows.length > mostRows)
        throw new FormatError(`${place}: more than ${mostRows} counts: save them with np.save`)
      if (seen.has(found.key))
        notes.add('Counts of the same step, layer and expert come more than once and are added up.')
      seen.add(found.key)
    }
    if (rows.length === 0) throw new FormatError(`none of ${others + seen.size} records has a count above 0`)
    const note = 'The file has counts without tokens: only how often each expert was chosen can be told.'
    const routing = countsOfRows(rows, { source: file.source.name, experts, note })
    const preview = rows.slice(0, 8).map(([step, at, of, count]) => `step ${step}  layer ${at}  expert ${of}  ${count}`)
    return {
      questions: [],
      preview: preview.join('\n'),
      open: async () => ({ ...routing, notes: [...routing.notes, ...notes] })
    }
  }
}

/** Counts above 0, all in memory. */
const mostRows = 2 ** 22

const count = z.number().nonnegative().max(Number.MAX_SAFE_INTEGER)
const countLists = z.union([z.array(count), z.array(z.array(count))])
const ids = z.array(z.int().nonnegative())

interface Rows {
  readonly rows: readonly CountRow[]
  readonly experts: number
  /** The same for counts of the same experts. */
  readonly key: string
}

/** Undefined for a record without counts. Throws a `FormatError` that names the place. */
function rowsOf(record: Values, place: string): Rows | undefined {
  const step = Number(record[nameIn((name) => Number.isSafeInteger(record[name]), 'pass') ?? ''] ?? 0)
  const at = whereOf(record).layer
  const list = nameIn((name) => Array.isArray(record[name]), 'counts')
  const scalar = nameIn((name) => typeof record[name] === 'number', 'count')
  const of = nameIn((name) => typeof record[name] === 'number', 'expert')
  const layerAt = (): number => {
    if (at === undefined || !Number.isInteger(at))
      throw new FormatError(`${place}: expected the layer beside the counts`)
    checkCount(at + 1, mostLayers, `${place}layer + 1`)
    return at
  }
  if (list !== undefined) {
    const values = parsedBy(countLists, record[list], `${place}${list}`)
    const named = nameIn((name) => Array.isArray(record[name]), 'experts')
    const names = named === undefined ? undefined : parsedBy(ids, record[named], `${place}${named}`)
    const matrix = Array.isArray(values[0])
      ? (values as number[][]).map((row, i) => [at === undefined ? i : at + i, row] as const)
      : [[layerAt(), values as number[]] as const]
    checkCount(Math.max(1, matrix.length), mostLayers, `${place}${list}: layers`)
    const rows = matrix.flatMap(([layerOf, row]) => {
      if (names && names.length !== row.length) throw new FormatError(`${place}${list}: expected as many as ${named}`)
      return row.map((each, i): CountRow => [step, layerOf, names ? (names[i] ?? 0) : i, each])
    })
    const experts = rows.reduce((most, row) => Math.max(most, row[2] + 1), 1)
    checkCount(experts, mostExperts, `${place}${list}: experts`)
    return { rows, experts, key: `${step} ${at} ${list}` }
  }
  if (scalar === undefined || of === undefined) return undefined
  const id = parsedBy(
    z
      .int()
      .nonnegative()
      .max(mostExperts - 1),
    record[of],
    `${place}${of}`
  )
  const found = parsedBy(count, record[scalar], `${place}${scalar}`)
  return { rows: [[step, layerAt(), id, found]], experts: id + 1, key: `${step} ${at} ${id}` }
}
