import fc from 'fast-check'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { expect, test } from 'vitest'
import { byteSource } from '../../formats/byte-source'
import { openRouting } from '../importers/open'
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

test('CSV has a row for each expert that a token was sent to', async () => {
  const rows = (await textOf(small, 'csv')).split('\n')
  expect(rows.slice(0, 3)).toEqual(['token,layer,rank,expert,weight', '0,1,0,0,0.5', '0,1,1,1,0.5'])
  expect(rows).toContain('1,3,0,1,0.33333334')
  expect(rows.slice(-2)).toEqual(['2,3,0,1,1', ''])
  expect(rows).toHaveLength(1 + 11 + 1)
  const { expertWeights: _, ...without } = small
  expect((await textOf(without, 'csv')).split('\n')[1]).toBe('0,1,0,0,')
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
    model: 'moe'
  })
})

const traces = fc
  .record({
    count: fc.integer({ min: 1, max: 12 }),
    layers: fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 3 }).map((list) => list.sort((a, b) => a - b)),
    topK: fc.integer({ min: 1, max: 3 }),
    whole: fc.boolean(),
    ids: fc.infiniteStream(fc.nat(6)),
    weights: fc.infiniteStream(fc.float({ min: 0, max: 1, noNaN: true }))
  })
  .map(({ count, layers, topK, whole, ids, weights }): TraceColumns => {
    const size = count * layers.length * topK
    return {
      model: whole ? 'm' : '',
      source: 'file',
      layers,
      experts: 6,
      topK,
      tokenIds: whole ? Int32Array.from({ length: count }, (_, i) => i * 7) : undefined,
      tokens: undefined,
      domains: [],
      domainIds: undefined,
      sequenceStarts: Uint32Array.from(new Set([0, count >> 1])),
      notes: [],
      // The first token keeps all layers and ranks, because what is empty throughout is left out.
      expertIds: Uint16Array.from({ length: size }, (_, i) => {
        const id = ids.next().value as number
        return id === 6 ? (i < layers.length * topK ? 0 : noExpert) : id
      }),
      expertWeights: whole ? Float32Array.from({ length: size }, () => weights.next().value as number) : undefined
    }
  })

test('JSON lines come back as they were', async () => {
  await fc.assert(
    fc.asyncProperty(traces, async (trace) => {
      const routing = await openRouting(byteSource('file', await written(trace, 'jsonl')))
      if (routing.kind !== 'trace') throw new Error('expected a trace')
      const { notes: _, ...found } = await traceColumns(routing)
      const { notes: __, ...expected } = trace
      expect(found).toEqual(expected)
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

test('Parquet has the rows of the CSV, with types', async () => {
  const bytes = await written(small, 'parquet')
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
  const [, ...rows] = (await textOf(small, 'csv')).trimEnd().split('\n')
  const found = await parquetReadObjects({ file })
  expect(found.map(({ token, layer, rank, expert }) => `${token},${layer},${rank},${expert}`)).toEqual(
    rows.map((row) => row.slice(0, row.lastIndexOf(',')))
  )
  expect(found.map(({ weight }) => weight as number)).toEqual([...(small.expertWeights ?? [])].slice(0, 11))
  const { schema, key_value_metadata } = parquetMetadata(file)
  expect(schema.slice(1).map(({ name, type }) => `${name} ${type}`)).toEqual([
    'token INT32',
    'layer INT32',
    'rank INT32',
    'expert INT32',
    'weight FLOAT'
  ])
  expect(key_value_metadata).toContainEqual({ key: 'layers', value: '[1,3]' })
})

test('Parquet of several row groups, and of no rows, is read', async () => {
  const count = 420_001
  const { expertWeights: _, ...without } = small
  const expertIds = new Uint16Array(count * 4).map((_, i) => i % 4)
  const large = await written({ ...without, tokenIds: undefined, expertIds }, 'parquet')
  const file = large.buffer.slice(0) as ArrayBuffer
  const { num_rows, row_groups } = parquetMetadata(file)
  expect(Number(num_rows)).toBe(count * 4)
  expect(row_groups.length).toBe(3)
  const [row] = await parquetReadObjects({ file, rowStart: count * 4 - 1, rowEnd: count * 4 })
  expect(row).toEqual({ token: count - 1, layer: 3, rank: 1, expert: 3 })
  const none = await written({ ...without, tokenIds: undefined, expertIds: new Uint16Array() }, 'parquet')
  expect(Number(parquetMetadata(none.buffer as ArrayBuffer).num_rows)).toBe(0)
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
