/**
 * Tables of choices by other writers: the columns of `long-table.ts` under any of their usual names
 * (`record-names.ts`), rows in any order, tokens counted in each text. All of it is gathered in memory.
 */
import { FormatError } from '../../formats/format-error'
import { giveWay } from '../../give-way'
import { readExpertIds } from './expert-ids'
import { GatheredChoices } from './gathered-choices'
import { type Readable, type ReadOptions, throwIfStopped } from './importer'
import type { TableFacts } from './long-table'
import { nameIn, type RecordName, recordNames } from './record-names'

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

/** True where columns of these names make a table of choices, a row for each or for all of a token and layer. */
export function isChoiceTable(names: readonly string[]): boolean {
  const known = needed.filter((name) => columnIn(names, name) !== undefined)
  return known.length === needed.length || (known.length === 2 && !known.includes('expert') && isRanked(names))
}

/** The columns that are read of these. */
export function readNames(names: readonly string[]): string[] {
  return [
    ...all.flatMap((name) => columnIn(names, name) ?? []),
    ...rankedNames(names, 'expert'),
    ...rankedNames(names, 'weight')
  ]
}

/** The columns `expert_0`, `expert_1`, ... of a thing, in the order of their numbers; none where it has one of its own. */
export function rankedNames(names: readonly string[], of: 'expert' | 'weight'): string[] {
  if (columnIn(names, of) !== undefined) return []
  const more = of === 'expert' ? ['top', 'topk', 'e'] : ['w']
  const pattern = new RegExp(`^(${[...recordNames[of], ...more].join('|')})[_.]?(\\d{1,4})$`)
  const number = (name: string) => Number(pattern.exec(name)?.[2])
  return names.filter((name) => pattern.test(name)).sort((a, b) => number(a) - number(b))
}

/** More choices of a token than these are a column for each expert. */
const mostRanks = 32

function isRanked(names: readonly string[]): boolean {
  const { length } = rankedNames(names, 'expert')
  return length >= 2 && length <= mostRanks
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
    const [token, layer] = (['token', 'layer'] as const).map((each) => block.number(column(each)))
    const ranked = rankedNames(names, 'expert').map((each) => block.number(each))
    const rankedWeights = rankedNames(names, 'weight').map((each) => block.number(each))
    const numbers = (of: RecordName) => {
      const found = optional(of)
      return found === undefined ? undefined : block.number(found)
    }
    const [rank, tokenId] = [numbers('rank'), numbers('tokenId')]
    const experts = ranked.length > 0 ? ranked : [block.number(column('expert'))]
    const weights = ranked.length > 0 ? rankedWeights : [numbers('weight')]
    const text = optional('text') === undefined ? undefined : block.text(column('text'))
    for (let row = 0; row < block.count; row++) {
      const [at, of] = [token?.(row) ?? Number.NaN, layer?.(row) ?? Number.NaN]
      const key = text?.(row) ?? ''
      for (const [place, expert] of experts.entries()) {
        const to = expert(row)
        if (ranked.length > 0 && !Number.isInteger(to)) throw fraction(block.first + row, names, to)
        const more = { weight: weights[place]?.(row), tokenId: tokenId?.(row) }
        const choice = { text: key, token: at, layer: of, rank: ranked.length > 0 ? place : rank?.(row), expert: to }
        choices.add({ ...choice, ...more }, `row ${block.first + row}`)
      }
    }
    options.progress?.(block.done, block.total)
    await giveWay()
    throwIfStopped(options)
  }
  const notes =
    rank(names) || isRanked(names)
      ? []
      : ['The table has no rank: the choices of a token are ranked in the order of its rows.']
  const { model, experts } = facts
  return readExpertIds(choices.gathered({ model, experts }, [...(facts.notes ?? []), ...notes]), name, options)
}

function fraction(row: number, names: readonly string[], found: number): FormatError {
  const [first = ''] = rankedNames(names, 'expert')
  return new FormatError(
    `row ${row}: ${first}: expected the id of an expert, found ${found}: a column for each expert has logits or ` +
      'probabilities; save them as [layers, tokens, experts] with np.save'
  )
}

function rank(names: readonly string[]): boolean {
  return columnIn(names, 'rank') !== undefined
}
