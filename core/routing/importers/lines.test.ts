import { expect, test } from 'vitest'
import { noExpert } from '../trace'
import { fixtureIds, idAt, layers, openedTrace, sourceOf } from './files.fixture'
import { inspect, openRouting } from './open'

/** As OLMoE's script writes it: [tokens][k][layers]. */
const expIds = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, t) =>
    [0, 1].map((r) => Array.from({ length: layers }, (_, l) => idAt(from + t, l, r)))
  )
const line = (from: number, to: number, more: object = {}) =>
  JSON.stringify({
    input_ids: Array.from({ length: to - from }, (_, t) => 100 + from + t),
    predicted_token_ids: new Array(to - from).fill(0),
    exp_ids: expIds(from, to),
    ...more
  })

test("OLMoE's lines are sequences", async () => {
  const trace = await openedTrace(`${line(0, 4)}\n${line(4, 6)}\n`)
  expect(trace).toMatchObject({ layers: [0, 1, 2], experts: 8, topK: 2 })
  expect([...trace.expertIds]).toEqual(fixtureIds)
  expect([...(trace.tokenIds ?? [])]).toEqual([100, 101, 102, 103, 104, 105])
  expect([...trace.sequenceStarts]).toEqual([0, 4])
})

test("Moescope's own fields are read", async () => {
  const weights = expIds(0, 2).map((token) => token.map((rank) => rank.map((id) => id / 8)))
  const more = { layers: [1, 3, 5], experts: 64, exp_weights: weights, model: 'm' }
  const trace = await openedTrace(`${line(0, 2, more)}\n${line(0, 2, { ...more, continues: true })}`)
  expect(trace).toMatchObject({ model: 'm', layers: [1, 3, 5], experts: 64 })
  expect([...(trace.expertWeights ?? [])]).toEqual(
    [...fixtureIds, ...fixtureIds]
      .slice(0, 12)
      .concat(fixtureIds.slice(0, 12))
      .map((id) => id / 8)
  )
  expect([...trace.sequenceStarts]).toEqual([0])
})

test('-1 is a dropped choice', async () => {
  const trace = await openedTrace('{"exp_ids":[[[3],[-1]],[[2],[1]]]}')
  expect([...trace.expertIds]).toEqual([3, noExpert, 2, 1])
  expect(trace.notes.join(' ')).toMatch(/neither the weights.*does not say which tokens/)
})

test.each([
  ['a cut line', `${line(0, 4)}\n${line(4, 6).slice(0, -9)}\n`, /line 2 is not JSON.*truncated/],
  [
    'text for an expert',
    '{"exp_ids":[[[1,"2"]]]}',
    /line 1: exp_ids\[0\]\[0\]\[1\]: expected a whole number, found "2"/
  ],
  ['a fraction', '{"exp_ids":[[[1.5]]]}', /exp_ids\[0\]\[0\]\[0\]: expected a whole number, found 1\.5/],
  [
    'rows of other lengths',
    '{"exp_ids":[[[1,2]],[[1]]]}',
    /exp_ids\[1\]\[0\]: expected a list of 2 \(layers\), found a list of 1/
  ],
  ['too few axes', '{"exp_ids":[[1,2]]}', /exp_ids: expected nested lists \[tokens, k, layers\]/],
  ['lines of other models', `${line(0, 2)}\n{"exp_ids":[[[1]]]}`, /'line 2: exp_ids': shape \[1, 1, 1\] contradicts/],
  ['tokens that contradict', '{"input_ids":[1,2],"exp_ids":[[[1]]]}', /line 1: input_ids has 2 tokens, and exp_ids 1/],
  [
    'an expert beyond those of the file',
    '{"experts":4,"exp_ids":[[[4]]]}',
    /'line 1: exp_ids': 4 at token 0, layer 0, rank 0: expected an expert from 0 to 3/
  ],
  [
    'an id beyond any expert',
    '{"exp_ids":[[[1],[40000]]]}',
    /line 1: exp_ids\[0\]\[1\]\[0\]: expected -1 to 32767, found 40000/
  ],
  [
    'lists that claim more than there is',
    `{"exp_ids":[${'[],'.repeat(50)}[]]}`,
    /layers: expected 1 to|top_k: expected 1 to/
  ],
  ['weights of another shape', '{"exp_ids":[[[1]]],"exp_weights":[[[1,2]]]}', /line 1: exp_weights\.0\.0/]
])('OLMoE lines: %s is refused in words', async (_, file, message) => {
  await expect(openedTrace(file)).rejects.toThrow(message)
})

test('activations of llama.cpp are counted', async () => {
  const counts = await openRouting(sourceOf('3,1\n3,4\n7,1\n3,1\r\n'), { answers: { experts: 8 } })
  expect(counts).toMatchObject({ kind: 'counts', layers: [3, 7], experts: 8, topK: undefined, steps: 1 })
  expect(counts).toHaveProperty('counts', Float64Array.of(0, 2, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0))
  expect(counts.notes.join(' ')).toMatch(/without their tokens/)
  const answered = await openRouting(sourceOf('layer,expert\n3,1'), { answers: { experts: 2 } })
  expect(answered).toHaveProperty('counts', Float64Array.of(0, 1))
})

test('how many experts there are is asked, and never assumed', async () => {
  const file = sourceOf(Array.from({ length: 48 }, (_, i) => `${i % 2},${(7 * i) % 12}`).join('\n'))
  const { candidates } = await inspect(file)
  expect(candidates[0]?.questions).toMatchObject([{ id: 'experts', proposal: 12, needed: true }])
  await expect(openRouting(file)).rejects.toThrow(/^experts \(experts of each MoE layer\): the file does not say it$/)
})

test.each([
  ['a cut row', '3,1\n3,', /line 2: expected layer,expert .*found "3,"/],
  ['another table', '1,2,3\n4,5,6\n', /a matrix \[layers, experts\] with np\.save/],
  ['a fraction', '1,2\n1,2.5\n', /line 2: expected layer,expert/],
  ['a negative layer', '1,2\n-1,2\n', /line 2: expected layer,expert/],
  ['a layer beyond any model', '5000,1\n', /line 1: layer 5000, expected less than 4096/],
  ['an expert beyond any model', '1,65535\n', /line 1: expert 65535, expected less than 65535/],
  [
    'more than any model has',
    Array.from({ length: 300 }, (_, layer) => `${layer},65534`).join('\n'),
    /257 layers of 65535 experts/
  ],
  ['a header alone', 'layer,expert\n', /no row of layer,expert/]
])('llama.cpp: %s is refused in words', async (_, file, message) => {
  await expect(openRouting(sourceOf(file))).rejects.toThrow(message)
})

test('fewer experts than the file has are refused', async () => {
  await expect(openRouting(sourceOf('3,4\n'), { answers: { experts: 4 } })).rejects.toThrow(/expected 5 to 65535/)
  expect((await inspect(sourceOf('3,4\n'))).candidates).toMatchObject([
    { format: 'llama-cpp', certain: true, preview: '3,4\n' }
  ])
})
