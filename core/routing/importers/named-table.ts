/**
 * Tables of choices by other writers: the columns of `long-table.ts` under any of their usual names
 * (`record-names.ts`), rows in any order, tokens counted in each text. All of it is gathered in memory.
 */
import { giveWay } from '../../give-way'
import { readExpertIds } from './expert-ids'
import { GatheredChoices } from './gathered-choices'
import { type Readable, type ReadOptions, throwIfStopped } from './importer'
import type { TableFacts } from './long-table'
import { nameIn, type RecordName } from './record-names'

/** Rows that follow each other, column by column. */
export interface NamedBlock {
  readonly count: number
  /** Number of the first in messages. */
  readonly first: number
  /** Of a column that is there, by row. */
  number(name: string): (row: number) => number
  text(name: string): (row: number) => string
  /** Of the file, after these rows, and of all of it: for progress. */
  readonly done: number
  readonly total: number
}

const needed = ['token', 'layer', 'expert'] as const
const all = ['token', 'layer', 'expert', 'text', 'rank', 'weight', 'tokenId'] as const satisfies readonly RecordName[]

/** True where columns of these names make a table of choices. */
export function isChoiceTable(names: readonly string[]): boolean {
  return needed.every((name) => columnIn(names, name) !== undefined)
}

/** The columns that are read of these. */
export function readNames(names: readonly string[]): string[] {
  return all.flatMap((name) => columnIn(names, name) ?? [])
}

function columnIn(names: readonly string[], name: RecordName): string | undefined {
  return nameIn((each) => names.includes(each), name)
}

/** Reads a table, and says what is left to ask. Rejects with a `FormatError` that names the row and the column. */
export async function readNamedTable(
  names: readonly string[],
  blocks: AsyncIterable<NamedBlock>,
  facts: TableFacts,
  name: string,
  options: ReadOptions
): Promise<Readable> {
  const choices = new GatheredChoices()
  const column = (of: RecordName) => columnIn(names, of) ?? ''
  const optional = (of: RecordName) => columnIn(names, of)
  for await (const block of blocks) {
    const [token, layer, expert] = needed.map((each) => block.number(column(each)))
    const numbers = (of: RecordName) => {
      const found = optional(of)
      return found === undefined ? undefined : block.number(found)
    }
    const [rank, weight, tokenId] = [numbers('rank'), numbers('weight'), numbers('tokenId')]
    const text = optional('text') === undefined ? undefined : block.text(column('text'))
    for (let row = 0; row < block.count; row++) {
      const [at, of, to] = [token?.(row) ?? Number.NaN, layer?.(row) ?? Number.NaN, expert?.(row) ?? Number.NaN]
      const key = text?.(row) ?? ''
      choices.add(
        {
          text: key,
          token: at,
          layer: of,
          rank: rank?.(row),
          expert: to,
          weight: weight?.(row),
          tokenId: tokenId?.(row)
        },
        `row ${block.first + row}`
      )
    }
    options.progress?.(block.done, block.total)
    await giveWay()
    throwIfStopped(options)
  }
  const notes = rank(names)
    ? []
    : ['The table has no rank: the choices of a token are ranked in the order of its rows.']
  const { model, experts } = facts
  return readExpertIds(choices.gathered({ model, experts }, [...(facts.notes ?? []), ...notes]), name, options)
}

function rank(names: readonly string[]): boolean {
  return columnIn(names, 'rank') !== undefined
}
