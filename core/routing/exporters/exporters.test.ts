import fc from 'fast-check'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { expect, test } from 'vitest'
import { byteSource } from '../../formats/byte-source'
import type { Answers } from '../importers/importer'
import { openRouting } from '../importers/open'
import { plainTraces } from '../statistics/trace.arbitrary'
import { memoryTrace, noExpert, type RoutingCounts, type TraceColumns, traceColumns } from '../trace'
import { exported, exporters } from './exporter'

const small: TraceColumns = {
  model: 'moe',
  source: 'a text',
  layers: [1, 3],
  experts: 4,
  topK: 2,
  tokenIds: Int32Array.of(5, 6, 7),
  tokens: undefined,
  expertIds: Uint16Array.of(0, 1, 2, 3, 0, 2, 1, 3, 3, 2, 1, noExpert),
  expertWeights: Float32Array.of(0.5, 0.5, 0.1, 0.9, 1, 0, 1 / 3, 2 / 3, 0.25, 0.75, 1, 0),
  domains: [],
  domainIds: undefined,
  sequenceStarts: Uint32Array.of(0, 2),
  notes: []
}

async function written(routing: TraceColumns | RoutingCounts, format: string): Promise<Uint8Array> {
  const exporter = exporters.find((each) => each.format === format)
  if (!exporter) throw new Error(`no format ${format}`)
  const source = 'kind' in routing ? routing : memoryTrace(routing)
  const parts: Uint8Array[] = []
  for await (const part of exported(source, exporter)) parts.push(part)
  return new Uint8Array(Buffer.concat(parts))
}

const textOf = async (trace: TraceColumns | RoutingCounts, format: string) =>
  new TextDecoder().decode(await written(trace, format))

test('CSV has a row for each choice of a token, -1 for a dropped one', async () => {
  const rows = (await textOf(small, 'csv')).split('\n')
  expect(rows.slice(0, 2)).toEqual(['token,layer,rank,expert,weight,sequence,token_id', '0,1,0,0,0.5,0,5'])
  expect(rows).toContain('1,3,0,1,0.33333334,0,6')
  expect(rows.slice(-3)).toEqual(['2,3,0,1,1,1,7', '2,3,1,-1,0,1,7', ''])
  expect(rows).toHaveLength(1 + 12 + 1)
  const bare = { ...small, expertWeights: undefined, tokenIds: undefined, sequenceStarts: Uint32Array.of(0) }
  expect((await textOf(bare, 'csv')).split('\n').slice(0, 2)).toEqual(['token,layer,rank,expert', '0,1,0,0'])
  const full = { ...bare, tokens: ['a "b"', 'c,\n', ''], domains: ['x', 'y'], domainIds: Uint8Array.of(1, 0, 0) }
  const text = await textOf(full, 'csv')
  expect(text).toContain('0,3,1,3,"y","a ""b"""\n1,1,0,0,"x","c,\n"\n')
})

test('JSON lines have the fields of OLMoE, a line for each sequence', async () => {
  const lines = (await textOf(small, 'jsonl'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object)
  expect(lines).toHaveLength(2)
  expect(lines[1]).toEqual({
    input_ids: [7],
    // [tokens][k][layers]
    exp_ids: [
      [
        [3, 1],
        [2, -1]
      ]
    ],
    exp_weights: [
      [
        [0.25, 1],
        [0.75, 0]
      ]
    ],
    experts: 4,
    layers: [1, 3],
    model: 'moe',
    source: 'a text'
  })
  expect(lines[0]).toMatchObject({ notes: [] })
})

/** Traces of which anything may be unknown, and any choice dropped; texts are what tokens may be. */
const traces = fc
  .record({
    plain: plainTraces(),
    texts: fc.infiniteStream(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', '\u{1F600}') })),
    model: fc.constantFrom('', 'm "x"'),
    notes: fc.constantFrom([], ['8 are assumed.']),
    known: fc.record({ weights: fc.boolean(), ids: fc.boolean(), texts: fc.boolean(), domains: fc.boolean() })
  })
  .map(({ plain: { columns }, texts, model, notes, known }): TraceColumns => {
    const { routerLogits: _, expertWeights, tokenIds, tokens = [], domains, domainIds, ...rest } = columns
    return {
      ...rest,
      model,
      source: 'a text',
      notes,
      expertWeights: known.weights ? expertWeights : undefined,
      tokenIds: known.ids ? tokenIds : undefined,
      tokens: known.texts ? tokens.map(() => texts.next().value as string) : undefined,
      domains: known.domains ? domains : [],
      domainIds: known.domains ? domainIds : undefined
    }
  })

async function reopened(trace: TraceColumns, format: string, answers: Answers = {}): Promise<TraceColumns> {
  const routing = await openRouting(byteSource('file', await written(trace, format)), { answers })
  if (routing.kind !== 'trace') throw new Error('expected a trace')
  return traceColumns(routing)
}

/** A trace of which all layers and ranks are used: JSON lines leave out what no token used. */
function withFirstToken(trace: TraceColumns): TraceColumns {
  const perToken = trace.layers.length * trace.topK
  const expertIds = trace.expertIds.map((id, place) => (place < perToken && id === noExpert ? 0 : id))
  return { ...trace, expertIds }
}

test('the trace file and Parquet come back as they were', async () => {
  await fc.assert(
    fc.asyncProperty(traces, fc.constantFrom('safetensors', 'parquet'), async (trace, format) => {
      expect(await reopened(trace, format)).toEqual(trace)
    })
  )
})

test('JSON lines come back as they were', async () => {
  await fc.assert(
    fc.asyncProperty(traces.map(withFirstToken), async (trace) => {
      expect(await reopened(trace, 'jsonl')).toEqual(trace)
    })
  )
})

test('CSV comes back with all that is in its rows', async () => {
  const named = ({ domains, domainIds }: TraceColumns) => domainIds && Array.from(domainIds, (id) => domains[id])
  await fc.assert(
    fc.asyncProperty(traces, async (trace) => {
      const found = await reopened(trace, 'csv', { experts: trace.experts })
      expect(named(found)).toEqual(named(trace))
      // Facts of the whole trace have no place in a table.
      const { model, source, notes, domains, domainIds } = trace
      expect({ ...found, model, source, notes, domains, domainIds }).toEqual(trace)
      expect(found.source).toBe('file')
    })
  )
})

test('any part of a table is read, whatever was read before', async () => {
  const parts = fc.array(fc.tuple(fc.nat(60), fc.nat(60), fc.boolean()), { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(traces, fc.constantFrom('csv', 'parquet'), parts, async (trace, format, parts) => {
      const answers = format === 'csv' ? { experts: trace.experts } : {}
      const routing = await openRouting(byteSource('file', await written(trace, format)), { answers })
      if (routing.kind !== 'trace') throw new Error('expected a trace')
      for (const [a, b, weighted] of parts) {
        const [from, to] = [Math.min(a, b) % routing.tokenCount, Math.min(Math.max(a, b), routing.tokenCount)]
        if (from > to) continue
        const asked = weighted ? (['expertWeights'] as const) : []
        expect(await routing.rows(from, to, asked)).toEqual(await memoryTrace(trace).rows(from, to, asked))
      }
    })
  )
})

test('a sequence that is too long for a line goes on in the next', async () => {
  const count = 140_000
  const long: TraceColumns = {
    ...small,
    layers: [0],
    tokenIds: undefined,
    expertIds: new Uint16Array(count * 2).map((_, i) => i % 2),
    expertWeights: undefined,
    sequenceStarts: Uint32Array.of(0, 5)
  }
  const bytes = await written(long, 'jsonl')
  expect(new TextDecoder().decode(bytes).trimEnd().split('\n')).toHaveLength(3)
  const routing = await openRouting(byteSource('file', bytes))
  expect(routing).toMatchObject({ tokenCount: count, sequenceStarts: Uint32Array.of(0, 5) })
})

test('other readers find the rows of the CSV in Parquet, with types', async () => {
  const trace = { ...small, tokens: ['a', 'b"', ''], domains: ['x', 'y'], domainIds: Uint8Array.of(1, 0, 1) }
  const bytes = await written(trace, 'parquet')
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
  const [header = '', ...rows] = (await textOf(trace, 'csv')).trimEnd().split('\n')
  const found = await parquetReadObjects({ file })
  const quoted = (value: unknown) => (typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : value)
  const names = header.split(',')
  expect(found.map((row) => names.map((name) => (name === 'weight' ? '' : quoted(row[name]))).join(','))).toEqual(
    rows.map((row) => row.split(',').with(4, '').join(','))
  )
  expect(found.map(({ weight }) => weight as number)).toEqual([...(small.expertWeights ?? [])])
  const { schema, key_value_metadata } = parquetMetadata(file)
  expect(schema.slice(1).map(({ name, type }) => `${name} ${type}`)).toEqual([
    'token INT32',
    'layer INT32',
    'rank INT32',
    'expert INT32',
    'weight FLOAT',
    'sequence INT32',
    'token_id INT32',
    'domain BYTE_ARRAY',
    'text BYTE_ARRAY'
  ])
  expect(key_value_metadata).toContainEqual({ key: 'layers', value: '[1,3]' })
})

test('Parquet of several row groups, and of no rows, is read', async () => {
  const count = 210_001
  const without = { ...small, expertWeights: undefined, sequenceStarts: Uint32Array.of(0) }
  const expertIds = new Uint16Array(count * 4).map((_, i) => i % 4)
  const large = await written({ ...without, tokenIds: undefined, expertIds }, 'parquet')
  const file = large.buffer.slice(0) as ArrayBuffer
  const { num_rows, row_groups } = parquetMetadata(file)
  expect(Number(num_rows)).toBe(count * 4)
  expect(row_groups.length).toBe(2)
  const [row] = await parquetReadObjects({ file, rowStart: count * 4 - 1, rowEnd: count * 4 })
  expect(row).toEqual({ token: count - 1, layer: 3, rank: 1, expert: 3 })
  const again = await openRouting(byteSource('file', large))
  if (again.kind !== 'trace') throw new Error('expected a trace')
  expect(again.tokenCount).toBe(count)
  const part = await again.rows(209_000, count)
  expect(part.expertIds).toEqual(expertIds.subarray(209_000 * 4))
  const none = await written({ ...without, tokenIds: undefined, expertIds: new Uint16Array() }, 'parquet')
  expect(Number(parquetMetadata(none.buffer as ArrayBuffer).num_rows)).toBe(0)
  expect(await openRouting(byteSource('file', none))).toMatchObject({ tokenCount: 0, layers: [1, 3], topK: 2 })
})

test('counts become CSV, and no format of tokens', async () => {
  const counts: RoutingCounts = {
    kind: 'counts',
    model: '',
    source: 'x.csv',
    layers: [2, 5],
    experts: 2,
    topK: undefined,
    steps: 2,
    counts: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    notes: []
  }
  const rows = (await textOf(counts, 'csv')).split('\n')
  expect(rows.slice(0, 4)).toEqual(['step,layer,expert,count', '0,2,0,1', '0,2,1,2', '0,5,0,3'])
  expect(rows.at(-2)).toBe('1,5,1,8')
  const { notes: _, ...found } = await openRouting(byteSource('x.csv', await written(counts, 'csv')))
  const { notes: __, ...expected } = counts
  expect(found).toEqual(expected)
  await expect(written(counts, 'parquet')).rejects.toThrow(/x\.csv has counts without tokens: they can be CSV/)
})

test('progress grows to the whole, however often a format reads', async () => {
  for (const exporter of exporters) {
    const heard: number[] = []
    const progress = (done: number) => heard.push(done)
    for await (const part of exported(memoryTrace(small), exporter, { progress })) expect(part).toBeDefined()
    expect(heard).toEqual([...heard].sort((a, b) => a - b))
    expect(heard.at(-1)).toBe(3)
  }
})
