/** The choices of a trace in Parquet, as Moescope writes them (`exporters/parquet.ts`), or any program that likes to. */
import { z } from 'zod'
import { FormatError } from '../../formats/format-error'
import { jsonStrings, jsonValue } from '../../formats/json-metadata'
import type { ParquetTable } from '../../formats/parquet'
import type { ParquetValues } from '../../formats/parquet-pages'
import { parsedBy } from '../../formats/problems'
import { choiceColumns } from '../exporters/long-table'
import type { Importer } from './importer'
import { mostExperts, mostLayers, mostTopK } from './limits'
import { type ChoiceRows, optionalColumns, readLongTable, type TableBlock, type TableFacts } from './long-table'
import { isChoiceTable, type NamedBlock, readNamedTable, readNames } from './named-table'

export const parquetTable: Importer = {
  format: 'parquet',
  label: 'table of choices (Parquet with token, layer, rank, expert)',
  detect: ({ content }) => (content.kind === 'parquet' ? 'certain' : 'no'),
  read: async ({ source, content }, options) => {
    if (content.kind !== 'parquet') throw new FormatError('expected a Parquet file')
    const { table } = content
    if (!choiceColumns.every((name) => table.columns.has(name))) {
      const names = [...table.columns]
      if (isChoiceTable(names)) return readNamedTable(names, anyBlocksOf(table), factsOf(table), source.name, options)
      throw new FormatError(
        `expected the columns ${choiceColumns.join(', ')} of numbers, found ${names.join(', ') || 'none'}`
      )
    }
    return readLongTable(blocksOf(table), factsOf(table), source.name, options)
  }
}

async function* blocksOf(table: ParquetTable): AsyncGenerator<TableBlock> {
  const read = async (group: number, names: readonly string[]) => {
    const columns = new Map<string, ParquetValues>()
    for (const name of names) if (table.columns.has(name)) columns.set(name, await table.read(group, name))
    const numbers = (name: string) => {
      const values = columns.get(name)
      if (Array.isArray(values)) throw new FormatError(`the column '${name}': expected numbers, found text`)
      return values && ((row: number) => values[row] ?? Number.NaN)
    }
    const texts = (name: string) => {
      const values = columns.get(name)
      return values && ((row: number) => String(values[row]))
    }
    return { numbers, texts }
  }
  const total = table.groupRows.reduce((sum, rows) => sum + rows, 0)
  let done = 0
  for (const [group, count] of table.groupRows.entries()) {
    const { numbers, texts } = await read(group, [...choiceColumns, ...optionalColumns])
    const first = done
    done += count
    yield {
      rows: {
        ...choicesOf(count, numbers),
        sequence: numbers('sequence'),
        tokenId: numbers('token_id'),
        domain: texts('domain'),
        text: texts('text')
      },
      first,
      again: async (weighted) => {
        const names = weighted ? [...choiceColumns, 'weight'] : choiceColumns
        return choicesOf(count, (await read(group, names)).numbers)
      },
      done,
      total
    }
  }
}

async function* anyBlocksOf(table: ParquetTable): AsyncGenerator<NamedBlock> {
  const total = table.groupRows.reduce((sum, rows) => sum + rows, 0)
  let done = 0
  for (const [group, count] of table.groupRows.entries()) {
    const first = done
    done += count
    const columns = new Map<string, ParquetValues>()
    for (const name of readNames([...table.columns])) columns.set(name, await table.read(group, name))
    yield {
      count,
      first,
      number: (name) => {
        const values = columns.get(name)
        if (!values || Array.isArray(values))
          throw new FormatError(`the column '${name}': expected numbers, found text`)
        return (row) => values[row] ?? Number.NaN
      },
      text: (name) => {
        const values = columns.get(name)
        return (row) => String(values?.[row])
      },
      done,
      total
    }
  }
}

type Numbers = (name: string) => ((row: number) => number) | undefined

function choicesOf(count: number, numbers: Numbers): ChoiceRows {
  const needed = (name: string) => numbers(name) ?? (() => Number.NaN)
  const [token, layer, rank, expert] = [needed('token'), needed('layer'), needed('rank'), needed('expert')]
  return { count, token, layer, rank, expert, weight: numbers('weight') }
}

const count = (most: number) => jsonValue.pipe(z.int().positive().max(most)).optional()

/** Ours; other writers have keys of their own, and tables that went through other programs have none. */
const metadataSchema = z.object({
  model: z.string().optional(),
  source: z.string().optional(),
  experts: count(mostExperts),
  top_k: count(mostTopK),
  layers: jsonValue
    .pipe(
      z
        .array(
          z
            .int()
            .nonnegative()
            .max(mostLayers - 1)
        )
        .min(1)
        .max(mostLayers)
    )
    .optional(),
  domains: jsonStrings.optional(),
  notes: jsonStrings.optional()
})

function factsOf({ metadata }: ParquetTable): TableFacts {
  const { top_k: topK, ...facts } = parsedBy(metadataSchema, Object.fromEntries(metadata), 'metadata ')
  return { ...facts, topK }
}
