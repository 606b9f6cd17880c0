import { expect, test } from 'vitest'
import { storedTensor } from '../../formats/tensor-data'
import { numpyFile, openedTrace, safetensors, sourceOf } from './files.fixture'
import { inspect, openRouting } from './open'

const matrix = [
  [90, 132, 40, 61],
  [20, 107, 104, 64]
]
const counted = { kind: 'counts', layers: [0, 1], experts: 4, steps: 1, counts: Float64Array.from(matrix.flat()) }

test.each([
  ['JSON of SGLang', JSON.stringify({ logical_count: [matrix] })],
  ['a matrix in JSON', JSON.stringify(matrix)],
  ['integers', safetensors({ weight: storedTensor(Int32Array.from(matrix.flat()), [2, 4]) })],
  ['floats', safetensors({ weight: storedTensor(Float32Array.from(matrix.flat()), [2, 4]) })]
])('%s are counts, and nothing is asked', async (_, file) => {
  expect(await openRouting(sourceOf(file))).toMatchObject(counted)
  expect((await inspect(sourceOf(file))).candidates).toMatchObject([{ format: 'count-arrays', questions: [] }])
})

test('ids that repeat in a row are counts of steps', async () => {
  const values = Int32Array.from({ length: 3 * 2 * 8 }, (_, i) => 30 + (i % 5))
  const routing = await openRouting(sourceOf(safetensors({ a: storedTensor(values, [3, 2, 8]) })))
  expect(routing).toMatchObject({
    kind: 'counts',
    steps: 3,
    layers: [0, 1],
    experts: 8,
    counts: Float64Array.from(values)
  })
})

test('fractions are counts where their name says so, and negative ones are none', async () => {
  const named = (values: number[]) => safetensors({ expert_load: storedTensor(Float32Array.from(values), [2, 2]) })
  expect(await openRouting(sourceOf(named([0.5, 1.5, 2.5, 0])))).toMatchObject({ kind: 'counts', experts: 2 })
  const logits = await openedTrace(named([-0.5, 1.5, 2.5, 0]), { answers: { 'top-k': 1 } })
  expect(logits).toMatchObject({ layers: [0], experts: 2 })
})

test('whole logits that are called so stay logits', async () => {
  const file = safetensors({ router_logits: storedTensor(Float32Array.from(matrix.flat()), [2, 4]) })
  expect(await openedTrace(file, { answers: { 'top-k': 1 } })).toMatchObject({ experts: 4, layers: [0] })
})

test('integers that may be ids or counts are not guessed', async () => {
  const values = Int32Array.from({ length: 20 * 4 }, (_, i) => (7 * i) % 64)
  const file = safetensors({ a: storedTensor(values, [20, 4]) })
  await expect(openRouting(sourceOf(file))).rejects.toThrow(/vllm-arrays .* or count-arrays .*say which/)
  expect(await openRouting(sourceOf(file), { format: 'count-arrays' })).toMatchObject({ kind: 'counts', experts: 4 })
  expect(await openRouting(sourceOf(file), { format: 'vllm-arrays' })).toMatchObject({ tokenCount: 20, topK: 4 })
})

test('an id that repeats further on is told with its place', async () => {
  const values = Int32Array.from({ length: 20_000 * 2 }, (_, i) => i % 2)
  values[39_001] = 0
  values[39_000] = 5
  values[39_003] = 5
  values[39_002] = 5
  const file = safetensors({ a: storedTensor(values, [20_000, 1, 2]) })
  await expect(openRouting(sourceOf(file))).rejects.toThrow(/'a': 5 comes twice at token 19501, layer 0.*axes/)
})

test('objects are told with what to do', async () => {
  await expect(openRouting(sourceOf(numpyFile('objects')))).rejects.toThrow(/np\.savez\("routed\.npz".*each request/)
})

const ids = (shape: readonly [number, number, number]) => {
  const [a, b, k] = shape
  return storedTensor(
    Int32Array.from({ length: a * b * k }, (_, i) => (i % k) + 8 * (Math.floor(i / k) % 4)),
    shape
  )
}

test.each([
  [[48, 23, 6], true, 'tokens-layers-experts'],
  [[10, 48, 8], true, 'layers-tokens-experts'],
  [[48, 500, 8], false, 'layers-tokens-experts'],
  [[500, 48, 8], false, 'tokens-layers-experts'],
  [[37, 4, 2], false, 'tokens-layers-experts']
] as const)('the axes of %j are asked where the shape does not tell', async (shape, needed, proposal) => {
  const file = safetensors({ a: ids(shape) })
  const [candidate] = (await inspect(sourceOf(file))).candidates
  expect(candidate?.questions[0]).toMatchObject({ id: 'axes', needed, proposal })
  const open = (axes: string) => openedTrace(file, { answers: { axes, experts: 64 } })
  const [tokensFirst, layersFirst] = [await open('tokens-layers-experts'), await open('layers-tokens-experts')]
  expect(tokensFirst.layers).toHaveLength(shape[1])
  expect(layersFirst.layers).toHaveLength(shape[0])
  const [, , k] = shape
  // Token 1 of layer 0 comes after all of layer 0's tokens, or after all layers of token 0.
  expect(layersFirst.expertIds[shape[0] * k]).toBe(8)
  expect(tokensFirst.expertIds[k]).toBe(8)
})

test('names, other requests and the tokens tell the axes', async () => {
  const questions = async (tensors: Parameters<typeof safetensors>[0]) =>
    (await inspect(sourceOf(safetensors(tensors)))).candidates[0]?.questions.map(({ id }) => id)
  expect(await questions({ routed_experts: ids([48, 23, 6]) })).toEqual(['experts'])
  expect(await questions({ r_0: ids([48, 23, 6]), r_1: ids([30, 23, 6]) })).toEqual(['experts'])
  expect(await questions({ a: ids([48, 23, 6]), token_ids: storedTensor(new Int32Array(48), [48]) })).toEqual([
    'experts'
  ])
})

test('one array for each layer is a trace, with the numbers of the layers', async () => {
  const layer = (first: number) =>
    storedTensor(
      Int32Array.from({ length: 60 }, (_, i) => (first + i) % 7),
      [20, 3]
    )
  const file = safetensors({ 'model.layers.5.topk_ids': layer(2), 'model.layers.3.topk_ids': layer(0) })
  const trace = await openedTrace(file)
  expect(trace).toMatchObject({ layers: [3, 5], topK: 3, experts: 8 })
  expect([...trace.expertIds.subarray(0, 12)]).toEqual([0, 1, 2, 2, 3, 4, 3, 4, 5, 5, 6, 0])
})
