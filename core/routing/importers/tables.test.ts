import { expect, test } from 'vitest'
import { fixtureIds, openedTrace, parquetFile, sourceOf } from './files.fixture'
import { inspect, openRouting } from './open'

const header = 'token,layer,rank,expert,weight\n'
const rows = fixtureIds.map((id, i) => `${Math.floor(i / 6)},${Math.floor(i / 2) % 3},${i % 2},${id},0.5`).join('\n')

test('tables of other writers open: columns in any order, CRLF, a byte order mark, quotes', async () => {
  const text = '\uFEFFindex,"expert",rank,layer,token\r\n0,"5",0,2,0\r\n1,3,0,7,0\r\n\r\n2,5,0,7,1\r\n3,0,0,2,1'
  const trace = await openedTrace(text, { answers: { experts: 8 } })
  expect(trace).toMatchObject({ layers: [2, 7], topK: 1, source: 'file', tokens: undefined })
  expect([...trace.expertIds]).toEqual([5, 3, 0, 5])
  expect(trace.notes.join(' ')).toMatch(/neither the weights.*which tokens/)
})

test('a table of CSV asks for the experts, with its first rows', async () => {
  const { candidates } = await inspect(sourceOf(header + rows))
  expect(candidates).toMatchObject([
    { format: 'csv', certain: true, questions: [{ id: 'experts', proposal: 8, needed: false }] }
  ])
  expect(candidates[0]?.preview.split('\n')[1]).toBe(`token 0  layer 0  rank 1  expert ${fixtureIds[1]}`)
})

test.each(['arrow', 'arrowPlain'] as const)('Parquet of arrow-rs opens: %s', async (name) => {
  const trace = await openedTrace(parquetFile(name))
  expect(trace).toMatchObject({ layers: [0, 1, 2], topK: 2, experts: 8, domainIds: undefined })
  expect([...trace.expertIds]).toEqual(fixtureIds)
  expect([...(trace.expertWeights ?? [])]).toEqual(fixtureIds.map((_, i) => 1 / (1 + (i % 2))))
  expect(trace.tokens).toEqual(['t0', 't1', 't0', 't1', 't0', 't1'])
})

const changed = (name: 'arrow' | 'arrowPlain', from: string, to: string) => {
  const bytes = Buffer.from(parquetFile(name))
  for (let at = bytes.indexOf(from, 'latin1'); at >= 0; at = bytes.indexOf(from, at + 1, 'latin1'))
    bytes.write(to, at, 'latin1')
  return new Uint8Array(bytes)
}

test.each([
  ['a truncated file', parquetFile('arrow').slice(0, -9), /does not end with PAR1: it is truncated/],
  [
    'a compression that is not read',
    parquetFile('arrowZstd'),
    /column 'token', row group 0: compression: expected SNAPPY or none, found ZSTD/
  ],
  ['missing values', parquetFile('arrowMissing'), /column 'expert', row group 0: a value is missing/],
  [
    'a column that is missing',
    changed('arrow', 'expert', 'export'),
    /expected the columns token, layer, rank, expert of numbers, found token, /
  ],
  ['text for numbers', changed('arrow', 'layer', 'lager').slice(0), /expected the columns/],
  [
    'an expert below -1',
    changed('arrowPlain', '\x07\0\0\0\0\0\0\0', '\xfe\xff\xff\xff\xff\xff\xff\xff'),
    /expert: expected 0 to 65534, or -1 for none, found -2/
  ]
])('Parquet: %s is refused in words', async (_, file, message) => {
  await expect(openedTrace(file)).rejects.toThrow(message)
})

test.each([
  ['a cut row', `${header}${rows.slice(0, -4)}`, /row 37: expected 5 fields, found 4/],
  ['an open quote', 'token,layer,rank,expert,text\n0,0,0,1,"a', /row 2: a quote is not closed/],
  ['text after a quote', 'token,layer,rank,expert,text\n0,0,0,1,"a"b\n', /row 2: text follows a quote/],
  ['a fraction', `${header}0,0,0,1.5,1\n`, /row 2: expert: expected 0 to 65534, or -1 for none, found NaN/],
  ['text for a weight', `${header}0,0,0,1,half\n`, /row 2: weight: expected a number/],
  ['an expert beyond any model', `${header}0,0,0,65535,1\n`, /row 2: expert: expected 0 to 65534/],
  ['a layer beyond any model', `${header}0,5000,0,1,1\n`, /row 2: layer: expected 0 to 4095, found 5000/],
  ['a negative rank', `${header}0,0,-1,1,1\n`, /row 2: rank: expected 0 to 1023, found -1/],
  ['tokens that begin later', `${header}1,0,0,1,1\n`, /row 2: token: expected 0, .* found 1/],
  ['tokens without order', `${header}0,0,0,1,1\n1,0,0,1,1\n0,1,0,1,1\n`, /row 4: token: expected 1 or 2, .* found 0/],
  ['a choice that is told twice', `${header}0,0,0,1,1\n0,0,0,2,1\n`, /token 0, layer 0: rank 0 has several rows/],
  ['names alone', header, /no row/],
  [
    'counts that are none',
    'step,layer,expert,count\n0,0,0,-1\n',
    /row 2: count: expected a whole number .* found "-1"/
  ],
  [
    'counts of a layer beyond any model',
    'step,layer,expert,count\n0,5000,0,1\n',
    /row 2: layer: expected a whole number below 4096/
  ]
])('CSV: %s is refused in words', async (_, file, message) => {
  await expect(openedTrace(file, {})).rejects.toThrow(message)
})

test('an answer that a table contradicts is refused', async () => {
  await expect(openRouting(sourceOf(header + rows), { answers: { experts: 7 } })).rejects.toThrow(/expected 8 to 65535/)
})

test('rows that are longer than what is read at once are read', async () => {
  const text = 'a,"'.repeat(400_000)
  const quoted = `"${text.replaceAll('"', '""')}"`
  const file = `token,layer,rank,expert,text\n0,0,0,1,${quoted}\n1,0,0,3,b\n`
  const trace = await openedTrace(file, { answers: { experts: 4 } })
  expect(trace.tokens).toEqual([text, 'b'])
  expect([...trace.expertIds]).toEqual([1, 3])
})
