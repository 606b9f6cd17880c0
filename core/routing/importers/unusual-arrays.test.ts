/** Arrays and tables that look like others than they are: each is read for what it is, or refused with the next step. */
import { expect, test } from 'vitest'
import { storedTensor } from '../../formats/tensor-data'
import { openedTrace, safetensors, sourceOf } from './files.fixture'
import { openRouting } from './open'

/** Ids of which none comes twice in a row of k. */
const idAt = (i: number, k: number) => ((i % k) + 3 * Math.floor(i / k)) % 16
const idsOf = (shape: readonly number[]) =>
  Int32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => idAt(i, shape.at(-1) ?? 1))
const answers = { experts: 16 }

test('a batch of one before the layers of logits is no layer', async () => {
  const values = Float32Array.from({ length: 3 * 5 * 4 }, (_, i) => ((7 * i) % 11) / 4 - 1)
  const plain = await openedTrace(safetensors({ a: storedTensor(values, [3, 5, 4]) }), { answers: { 'top-k': 2 } })
  const batch = await openedTrace(safetensors({ a: storedTensor(values, [1, 3, 5, 4]) }), { answers: { 'top-k': 2 } })
  expect(batch).toMatchObject({ layers: [0, 1, 2], experts: 4 })
  expect(batch.expertIds).toEqual(plain.expertIds)
})

test('a batch of one among the axes of ids is passed over', async () => {
  const shape = [24, 1, 5, 2]
  const trace = await openedTrace(safetensors({ a: storedTensor(idsOf(shape), shape) }), {
    answers: { axes: 'layers-tokens-experts', ...answers }
  })
  expect(trace.layers).toHaveLength(24)
  expect(trace.expertIds).toHaveLength(24 * 5 * 2)
})

test('ids that are floats are refused with what to save, and their counts are not shown', async () => {
  const shape = [6, 8, 4]
  const file = safetensors({ a: storedTensor(Float32Array.from(idsOf(shape)), shape) })
  await expect(openRouting(sourceOf(file))).rejects.toThrow(/as floats \[6, 8, 4\].*astype\(np\.int32\)/)
  const named = safetensors({ counts: storedTensor(Float32Array.from(idsOf(shape)), shape) })
  expect(await openRouting(sourceOf(named))).toMatchObject({ kind: 'counts', steps: 6, experts: 4 })
})

test('the answer of a load balancer is no trace', async () => {
  await expect(openRouting(sourceOf('{"physical_to_logical_map": [[0, 1], [1, 0]]}'))).rejects.toThrow(
    /on which places the experts lie.*logical_count/
  )
})

test.each([
  ['tokens first', 'tokens-layers-experts', [20, 3, 2]],
  ['layers first', 'layers-tokens-experts', [3, 20, 2]]
] as const)('weights beside ids are theirs: %s', async (_, axes, shape) => {
  const ids = idsOf(shape)
  const file = safetensors({
    topk_ids: storedTensor(ids, shape),
    topk_weights: storedTensor(
      Float32Array.from(ids, (id) => id / 16),
      shape
    )
  })
  const trace = await openedTrace(file, { answers: { axes, ...answers } })
  expect(trace).toMatchObject({ layers: [0, 1, 2], topK: 2 })
  expect([...(trace.expertWeights ?? [])]).toEqual(Array.from(trace.expertIds, (id) => id / 16))
})

test('the layer may stand in the name of a module', async () => {
  const record = (layer_name: string, topk_ids: number[][]) => `${JSON.stringify({ layer_name, topk_ids })}\n`
  const rows = [
    [1, 2],
    [3, 4],
    [5, 6]
  ]
  const trace = await openedTrace(record('model.layers.3.mlp', rows) + record('model.layers.7.mlp', rows), { answers })
  expect(trace).toMatchObject({ layers: [3, 7], topK: 2 })
  await expect(openRouting(sourceOf(record('experts', rows)), { answers })).rejects.toThrow(
    /of the layers of a token, or of the tokens of a layer: expected token_idx or layer/
  )
})

test('records of single choices without ranks are ranked in their order', async () => {
  const rows = [3, 1, 2, 5].map((expert, i) => `${JSON.stringify({ token: i >> 1, layer: 0, expert })}\n`)
  expect([...(await openedTrace(rows.join(''), { answers })).expertIds]).toEqual([3, 1, 2, 5])
})

test('routed experts of a request without its response are read', async () => {
  const trace = await openedTrace('{"routed_experts": [[[1, 2]], [[3, 4]]], "prompt_token_ids": [7, 8]}', { answers })
  expect([...trace.expertIds]).toEqual([1, 2, 3, 4])
  expect([...(trace.tokenIds ?? [])]).toEqual([7, 8])
})

test.each([
  'layer,expert,count\n0,0,3\n0,1,5\n2,0,4\n2,1,1\n',
  'Step,Layer_ID,Expert_ID,num_tokens\n0,0,0,3\n0,0,1,5\n0,2,0,4\n0,2,1,1\n'
])('a table of counts by other names: %j', async (file) => {
  expect(await openRouting(sourceOf(file))).toMatchObject({
    kind: 'counts',
    layers: [0, 2],
    experts: 2,
    counts: Float64Array.of(3, 5, 4, 1)
  })
})

test('names of columns may be in capitals', async () => {
  const trace = await openedTrace('Token,Layer,Rank,Expert\n0,0,0,3\n0,0,1,1\n', { answers })
  expect([...trace.expertIds]).toEqual([3, 1])
})

test.each([
  ['other columns', 'tok,lay,exp\n0,1,2\n', /a table of tok, lay, exp: .* columns token, layer, expert/],
  ['a matrix', '1,2,3\n4,5,6\n', /a matrix \[layers, experts\] with np\.save/],
  ['tabs', 'token\tlayer\texpert\n0\t0\t1\n', /tabs between its fields: write it with commas/],
  ['semicolons', 'token;layer;expert\n0;0;1\n', /semicolons between its fields/],
  ['other keys', '{"tok": 0, "lay": 1, "chosen": [1, 2]}\n', /the keys tok, lay, chosen.*topk_ids, .* beside layer/]
])('%s are named, with the next step', async (_, file, message) => {
  await expect(openRouting(sourceOf(file))).rejects.toThrow(message)
})
