/** Tables in CSV: the choices of a trace, as Moescope writes them (`exporters/csv.ts`) or with other names, or counts. */

import type { ByteSource } from '../../formats/byte-source'
import { type CsvBlock, type CsvTable, openCsv } from '../../formats/csv'
import { FormatError } from '../../formats/format-error'
import { choiceColumns } from '../exporters/long-table'
import { readCountsTable, readWideCounts } from './counts-table'
import type { Importer, SniffedContent } from './importer'
import { type ChoiceRows, readLongTable, type TableBlock } from './long-table'
import { isChoiceTable, type NamedBlock, rankedNames, readNamedTable } from './named-table'
import { recordNames } from './record-names'

export const csvTable: Importer = {
  format: 'csv',
  label: 'table of choices (CSV of token, layer, rank, expert)',
  detect: ({ content }) => {
    const names = columnsIn(content)
    return choiceColumns.every((name) => names.includes(name)) || isChoiceTable(names) ? 'certain' : 'no'
  },
  read: async ({ source }, options) => {
    const table = await openTable(source)
    if (!choiceColumns.every((name) => table.names.includes(name))) {
      const blocks = anyBlocksOf(table, source.size)
      return readNamedTable(table.names, blocks, {}, source.name, options)
    }
    return readLongTable(blocksOf(table, source.size), {}, source.name, options)
  }
}

/** The columns of a table of counts by their usual names; a step may be missing. */
const countNames = {
  step: recordNames.pass,
  layer: recordNames.layer,
  expert: recordNames.expert,
  count: recordNames.count
} as const

function countColumnsIn(names: readonly string[]): readonly (number | undefined)[] {
  return Object.values(countNames).map((known) => {
    const found = known.find((name) => names.includes(name))
    return found === undefined ? undefined : names.indexOf(found)
  })
}

/** A table whose columns have names in lower case, as they are looked for. */
async function openTable(source: ByteSource): Promise<CsvTable> {
  const table = await openCsv(source)
  return { ...table, names: table.names.map(columnName) }
}

function columnName(name: string): string {
  return name.trim().replaceAll('"', '').toLowerCase()
}

export const csvCounts: Importer = {
  format: 'csv-counts',
  label: 'table of counts (CSV of step, layer, expert, count)',
  detect: ({ content }) => {
    const names = columnsIn(content)
    const [, ...needed] = countColumnsIn(names)
    const isTable = needed.every((column) => column !== undefined) || isWide(names)
    return isTable && !isChoiceTable(names) ? 'certain' : 'no'
  },
  read: async ({ source }, options) => {
    const table = await openTable(source)
    const [step, layer, expert, count] = countColumnsIn(table.names)
    if (isWide(table.names) && layer !== undefined) {
      const experts = rankedNames(table.names, 'expert').map((name) => table.names.indexOf(name))
      return readWideCounts(source, table, [step, layer], experts, options)
    }
    if (layer === undefined || expert === undefined || count === undefined) {
      throw new FormatError(`expected the columns layer, expert, count, found ${table.names.join(', ')}`)
    }
    return readCountsTable(source, table, [step, layer, expert, count], options)
  }
}

/** A row for each layer, with a column for each expert; rows of tokens have the column of the token. */
function isWide(names: readonly string[]): boolean {
  const [, layer, expert] = countColumnsIn(names)
  const isOfTokens = [...recordNames.token, ...recordNames.tokenId].some((name) => names.includes(name))
  return layer !== undefined && expert === undefined && !isOfTokens && rankedNames(names, 'expert').length >= 4
}

function columnsIn(content: SniffedContent): readonly string[] {
  if (content.kind !== 'text') return []
  const [line = ''] = content.head.split('\n', 1)
  return line.split(',').map(columnName)
}

async function* anyBlocksOf(table: CsvTable, total: number): AsyncGenerator<NamedBlock> {
  for await (const block of table.blocks()) {
    yield {
      count: block.count,
      first: block.first,
      number: (name) => {
        const column = columnOf(table, name)
        return (row) => block.decimal(row, column)
      },
      text: (name) => {
        const column = columnOf(table, name)
        return (row) => block.text(row, column)
      },
      done: block.end,
      total
    }
  }
}

/** The place of a column. Throws a `FormatError` when it is missing. */
function columnOf({ names }: CsvTable, name: string): number {
  const place = names.indexOf(name)
  if (place >= 0) return place
  throw new FormatError(`the column '${name}' is missing: the table has ${names.join(', ')}`)
}

async function* blocksOf(table: CsvTable, total: number): AsyncGenerator<TableBlock> {
  const [token = 0, layer = 0, rank = 0, expert = 0] = choiceColumns.map((name) => columnOf(table, name))
  const optional = (name: string) => (table.names.includes(name) ? columnOf(table, name) : undefined)
  const weight = optional('weight')
  const choices = (block: CsvBlock): ChoiceRows => ({
    count: block.count,
    token: (row) => block.integer(row, token),
    layer: (row) => block.integer(row, layer),
    rank: (row) => block.integer(row, rank),
    expert: (row) => block.integer(row, expert),
    weight: weight === undefined ? undefined : (row) => block.decimal(row, weight)
  })
  const [sequence, tokenId, domain, text] = ['sequence', 'token_id', 'domain', 'text'].map(optional)
  for await (const block of table.blocks()) {
    const integers = (column: number | undefined) =>
      column === undefined ? undefined : (row: number) => block.integer(row, column)
    const texts = (column: number | undefined) =>
      column === undefined ? undefined : (row: number) => block.text(row, column)
    const { begin, end, first } = block
    yield {
      rows: {
        ...choices(block),
        sequence: integers(sequence),
        tokenId: integers(tokenId),
        domain: texts(domain),
        text: texts(text)
      },
      first,
      again: async () => choices(await table.read({ begin, end, first })),
      done: end,
      total
    }
  }
}
