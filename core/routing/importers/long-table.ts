/**
 * Traces from long tables, a row for each choice, as Moescope writes them to CSV and Parquet: columns `token`, `layer`,
 * `rank`, `expert`, and more where they are there (`exporters/long-table.ts`). Rows lie in the order of their tokens.
 * One pass finds where each token is; choices are read again from the file when they are asked for.
 */
import { FormatError } from '../../formats/format-error'
import { giveWay } from '../../give-way'
import { noExpert, type RoutingRows, type Trace } from '../trace'
import { answeredExperts, expertsQuestion } from './experts-question'
import { type Answers, type Asked, type Readable, type ReadOptions, throwIfStopped } from './importer'
import { checkCount, mostExperts, mostLayers, mostTopK } from './limits'
import { noTokenIds, noWeights } from './notes'

/** Beside `choiceColumns`. */
export const optionalColumns = ['weight', 'sequence', 'token_id', 'domain', 'text'] as const

export interface ChoiceRows {
  readonly count: number
  /** By row. */
  readonly token: Column<number>
  readonly layer: Column<number>
  readonly rank: Column<number>
  readonly expert: Column<number>
  readonly weight: Column<number> | undefined
}

export interface TokenRows extends ChoiceRows {
  readonly sequence: Column<number> | undefined
  readonly tokenId: Column<number> | undefined
  readonly domain: Column<string> | undefined
  readonly text: Column<string> | undefined
}

type Column<T> = (row: number) => T

/** Rows of a table that follow each other. */
export interface TableBlock {
  readonly rows: TokenRows
  /** Number of the first in messages. */
  readonly first: number
  /** Reads the choices once more. */
  again(weighted: boolean): Promise<ChoiceRows>
  /** Of the file, after these rows, and of all of it: for progress. */
  readonly done: number
  readonly total: number
}

/** Facts of the whole trace that a table has beside its rows. */
export interface TableFacts {
  readonly model?: string | undefined
  readonly source?: string | undefined
  readonly layers?: readonly number[] | undefined
  readonly experts?: number | undefined
  readonly topK?: number | undefined
  readonly domains?: readonly string[] | undefined
  readonly notes?: readonly string[] | undefined
}

/** Reads over a table, and says what is left to ask. Rejects with a `FormatError` that names the row and the column. */
export async function readLongTable(
  blocks: AsyncIterable<TableBlock>,
  facts: TableFacts,
  name: string,
  options: ReadOptions
): Promise<Readable> {
  const scan = await scanned(blocks, facts, options)
  const questions = facts.experts === undefined ? [expertsQuestion(scan.highest, scan.topK)] : []
  const asked = { questions, preview: scan.preview.join('\n') || 'no rows' }
  return { ...asked, open: async (answers) => traceOf(scan, facts, name, answers, asked) }
}

/** A block by the tokens of its first and last row. */
interface Place {
  readonly from: number
  readonly to: number
  again(weighted: boolean): Promise<ChoiceRows>
}

interface Scan {
  readonly places: readonly Place[]
  readonly preview: readonly string[]
  readonly tokenCount: number
  readonly layers: readonly number[]
  readonly topK: number
  readonly highest: number
  readonly weighted: boolean
  readonly sequenceStarts: readonly number[]
  readonly tokenIds: readonly number[] | undefined
  readonly tokens: readonly string[] | undefined
  readonly domains: readonly string[]
  readonly domainIds: readonly number[] | undefined
}

const previewRows = 8
const mostDomains = 256

async function scanned(blocks: AsyncIterable<TableBlock>, facts: TableFacts, options: ReadOptions): Promise<Scan> {
  const places: Place[] = []
  const preview: string[] = []
  const layers = new Set<number>()
  const columns = { sequence: [] as number[], tokenId: [] as number[], domain: [] as number[], text: [] as string[] }
  const domains = new Map((facts.domains ?? []).map((domain, id) => [domain, id]))
  let has: TokenRows | undefined
  const { experts = mostExperts } = facts
  let [token, lastLayer, topK, highest] = [-1, -1, 0, -1]
  for await (const { rows, first, again, done, total } of blocks) {
    has ??= rows
    const from = rows.count > 0 ? rows.token(0) : token
    let row = 0
    const wrong: Wrong = (column, found, expected) =>
      new FormatError(`row ${first + row}: ${column}: expected ${expected}, found ${found}`)
    for (; row < rows.count; row++) {
      const found = rows.token(row)
      const layer = rows.layer(row)
      const rank = rows.rank(row)
      const expert = rows.expert(row)
      if (!isCount(layer, mostLayers)) throw wrong('layer', layer, `0 to ${mostLayers - 1}`)
      if (!isCount(rank, mostTopK)) throw wrong('rank', rank, `0 to ${mostTopK - 1}`)
      if (expert !== -1 && !isCount(expert, experts))
        throw wrong('expert', expert, `0 to ${experts - 1}, or -1 for none`)
      if (rows.weight && !Number.isFinite(rows.weight(row))) throw wrong('weight', rows.weight(row), 'a number')
      if (layer !== lastLayer) layers.add(layer)
      lastLayer = layer
      topK = Math.max(topK, rank + 1)
      highest = Math.max(highest, expert)
      if (preview.length < previewRows) preview.push(`token ${found}  layer ${layer}  rank ${rank}  expert ${expert}`)
      if (found === token) continue
      if (found !== token + 1) {
        const expected = token < 0 ? '0' : `${token} or ${token + 1}`
        throw wrong('token', found, `${expected}, because tokens are counted from 0 and rows lie in their order`)
      }
      token = found
      if (rows.sequence) columns.sequence.push(integerOf(rows.sequence(row), 'sequence', wrong))
      if (rows.tokenId) columns.tokenId.push(integerOf(rows.tokenId(row), 'token_id', wrong))
      if (rows.domain) columns.domain.push(idOf(rows.domain(row), domains, wrong))
      if (rows.text) columns.text.push(rows.text(row))
    }
    if (rows.count > 0) places.push({ from, to: token, again })
    options.progress?.(done, total)
    await giveWay()
    throwIfStopped(options)
  }
  return {
    places,
    preview,
    tokenCount: token + 1,
    layers: layersOf(layers, facts),
    topK: topKOf(topK, facts),
    highest,
    weighted: has?.weight !== undefined,
    sequenceStarts: startsOf(token + 1, has?.sequence && columns.sequence),
    tokenIds: has?.tokenId && columns.tokenId,
    tokens: has?.text && columns.text,
    domains: [...domains.keys()],
    domainIds: has?.domain && columns.domain
  }
}

type Wrong = (column: string, found: number | string | undefined, expected: string) => FormatError

function isCount(value: number, end: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < end
}

function integerOf(value: number, column: string, wrong: Wrong): number {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) return value
  throw wrong(column, value, 'a whole number of 32 bits')
}

/** The place of a domain among those that were met. */
function idOf(domain: string, domains: Map<string, number>, wrong: Wrong): number {
  const id = domains.get(domain) ?? domains.size
  if (id >= mostDomains) throw wrong('domain', domain, `at most ${mostDomains} different ones`)
  domains.set(domain, id)
  return id
}

function layersOf(found: ReadonlySet<number>, { layers }: TableFacts): readonly number[] {
  const ordered = [...found].sort((a, b) => a - b)
  if (!layers) {
    if (ordered.length === 0) throw new FormatError('no row')
    return ordered
  }
  const other = ordered.find((layer) => !layers.includes(layer))
  if (other === undefined) return layers
  throw new FormatError(`layer: the table has layer ${other}, and its metadata tell layers ${layers.join(', ')}`)
}

function topKOf(found: number, { topK = found }: TableFacts): number {
  if (found > topK) throw new FormatError(`rank: the table has rank ${found - 1}, and its metadata tell top_k ${topK}`)
  checkCount(topK, mostTopK, 'top_k')
  return topK
}

/** A sequence begins at each number that differs from the one before. */
function startsOf(tokenCount: number, sequence: readonly number[] | undefined): number[] {
  if (!sequence) return tokenCount > 0 ? [0] : []
  return sequence.flatMap((each, token) => (token === 0 || each !== sequence[token - 1] ? [token] : []))
}

function traceOf(scan: Scan, facts: TableFacts, name: string, answers: Answers, asked: Asked): Trace {
  const { tokenCount, layers, topK, highest, weighted, sequenceStarts, tokenIds, tokens, domains, domainIds } = scan
  const { experts, notes } =
    facts.experts === undefined ? answeredExperts(highest, topK, answers, asked) : { experts: facts.experts, notes: [] }
  const missing = facts.notes ? [] : [...(weighted ? [] : [noWeights]), ...(tokenIds ? [] : [noTokenIds])]
  return {
    kind: 'trace',
    model: facts.model ?? '',
    source: facts.source || name,
    layers,
    experts,
    topK,
    tokenCount,
    tokenIds: tokenIds && Int32Array.from(tokenIds),
    tokens,
    domains,
    domainIds: domainIds && Uint8Array.from(domainIds),
    sequenceStarts: Uint32Array.from(sequenceStarts),
    notes: [...(facts.notes ?? []), ...missing, ...notes],
    has: new Set(weighted ? (['expertWeights'] as const) : []),
    rows: rowsReader(scan, experts)
  }
}

/** Keeps the block that was read last, because readings that follow each other often share it. */
function rowsReader({ places, layers, topK, weighted }: Scan, experts: number): Trace['rows'] {
  let last: { readonly place: Place; readonly weighted: boolean; readonly rows: ChoiceRows } | undefined
  const read = async (place: Place, asked: boolean) => {
    if (last?.place === place && (last.weighted || !asked)) return last.rows
    const rows = await place.again(asked)
    last = { place, weighted: asked, rows }
    return rows
  }
  const placeOfLayer = new Map(layers.map((layer, place) => [layer, place]))
  return async (from, to, asked = []) => {
    const weights = weighted && asked.includes('expertWeights')
    const size = (to - from) * layers.length * topK
    const expertIds = new Uint16Array(size).fill(noExpert)
    const expertWeights = weights ? new Float32Array(size) : undefined
    const told = new Uint8Array(size)
    for (let at = firstPlace(places, from); at < places.length; at++) {
      const place = places[at]
      if (!place || place.from >= to) break
      const rows = await read(place, weights)
      for (let row = firstRow(rows, from); row < rows.count; row++) {
        const token = rows.token(row)
        if (token >= to) break
        const layer = rows.layer(row)
        const rank = rows.rank(row)
        const expert = rows.expert(row)
        const column = placeOfLayer.get(layer)
        if (token < from || column === undefined || !isCount(rank, topK) || !(expert < experts)) {
          throw new FormatError(`token ${token}, layer ${layer}: other rows than before: the file has changed`)
        }
        const slot = ((token - from) * layers.length + column) * topK + rank
        if (told[slot]) throw new FormatError(`token ${token}, layer ${layer}: rank ${rank} has several rows`)
        told[slot] = 1
        expertIds[slot] = expert < 0 ? noExpert : expert
        if (expertWeights) expertWeights[slot] = rows.weight?.(row) ?? 0
      }
    }
    return { from, to, expertIds, ...(expertWeights && { expertWeights }) } satisfies RoutingRows
  }
}

/** The first block that reaches to a token. */
function firstPlace(places: readonly Place[], token: number): number {
  return lowest(places.length, (place) => (places[place]?.to ?? 0) >= token)
}

function firstRow(rows: ChoiceRows, token: number): number {
  return lowest(rows.count, (row) => rows.token(row) >= token)
}

/** The lowest of `count` numbers from which on `holds` is true. */
function lowest(count: number, holds: (value: number) => boolean): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
