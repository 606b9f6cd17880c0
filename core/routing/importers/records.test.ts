/** JSON lines and tables by other names than ours, and files that were cut off. */
import { expect, test } from 'vitest'
import { openedTrace, sourceOf } from './files.fixture'
import { inspect, openRouting } from './open'

const lines = (...records: object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')
const answers = { experts: 16 }

test("Megatron's tracer: a record for each step and layer", async () => {
  const record = (step: number, layer: number, top_indices: number[][]) => ({
    step,
    stage: 'pre_dispatch',
    block: 'decoder',
    layer,
    rank: 0,
    num_tokens: 2,
    topk: 2,
    top_indices
  })
  const file = lines(
    record(0, 1, [
      [9, 0],
      [10, 5]
    ]),
    record(0, 2, [
      [7, 14],
      [9, 6]
    ]),
    { ...record(0, 2, [[1, 2]]), block: 'mtp' },
    record(1, 1, [
      [3, 4],
      [5, 6]
    ]),
    record(1, 2, [
      [8, 2],
      [1, 0]
    ])
  )
  const trace = await openedTrace(file, { answers })
  expect(trace).toMatchObject({ layers: [1, 2], topK: 2 })
  expect([...trace.expertIds]).toEqual([9, 0, 7, 14, 10, 5, 9, 6, 3, 4, 8, 2, 5, 6, 1, 0])
  expect([...trace.sequenceStarts]).toEqual([0, 2])
  expect(trace.notes.join(' ')).toMatch(
    /Megatron counts them from 1.*another stage or block than the first \(pre_dispatch, decoder\)/
  )
})

test('a logger in vLLM: a record for each token and layer, of several requests at once', async () => {
  const route = (req_id: string, token_idx: number, layer: number, topk_ids: number[]) => ({
    type: 'route',
    req_id,
    token_idx,
    layer,
    topk_ids,
    topk_weights: topk_ids.map((id) => id / 16)
  })
  const file = lines(
    { type: 'meta', model_id: 'qwen', top_k: 2, layers_logged: [0] },
    route('b', 0, 0, [1, 2]),
    route('a', 1, 0, [3, 4]),
    route('b', 1, 0, [5, 6]),
    route('a', 0, 0, [7, 8])
  )
  const trace = await openedTrace(file, { answers })
  expect(trace).toMatchObject({ model: 'qwen', layers: [0], topK: 2 })
  expect([...trace.expertIds]).toEqual([1, 2, 5, 6, 7, 8, 3, 4])
  expect([...trace.sequenceStarts]).toEqual([0, 2])
  expect([...(trace.expertWeights ?? [])]).toEqual([1, 2, 5, 6, 7, 8, 3, 4].map((id) => id / 16))
})

test.each([
  [
    'a token with all layers',
    lines(
      {
        token: 'a',
        experts: [
          [1, 2],
          [3, 4]
        ]
      },
      {
        token: 'b',
        experts: [
          [5, 6],
          [7, 8]
        ]
      }
    )
  ],
  [
    'a choice',
    lines(
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((expert, i) => ({
        pos: i >> 2,
        layer_idx: (i >> 1) & 1,
        rank: i & 1,
        expert_id: expert
      }))
    )
  ],
  [
    'a list of records',
    JSON.stringify([
      {
        layer: 0,
        selected_experts: [
          [1, 2],
          [5, 6]
        ]
      },
      {
        layer: 1,
        selected_experts: [
          [3, 4],
          [7, 8]
        ]
      }
    ])
  ]
])('a record for %s', async (_, file) => {
  const trace = await openedTrace(file, { answers })
  expect(trace).toMatchObject({ layers: [0, 1], topK: 2 })
  expect([...trace.expertIds]).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})

test.each([
  ['without experts', lines({ layer: 1, load: 3 }), /expected a list such as topk_ids, top_indices/],
  ['without a layer', lines({ token_idx: 0, topk_ids: [1, 2] }), /line 1: expected the layer, such as layer, layer_id/],
  ['with an expert of text', lines({ layer: 0, topk_ids: ['a'] }), /line 1: topk_ids/],
  [
    'with a token twice',
    lines({ layer: 0, pos: 1, topk_ids: [1] }, { layer: 0, pos: 1, topk_ids: [2] }),
    /two experts of rank 0: .*req_id/
  ],
  ['of weights of another number', lines({ layer: 0, topk_ids: [1, 2], topk_weights: [1] }), /with as many weights/]
])('records %s are refused in words', async (_, file, message) => {
  await expect(openRouting(sourceOf(file), { answers })).rejects.toThrow(message)
})

test('a table by other names, in any order, has the tokens of each text', async () => {
  const header = 'seq_id,pos,layer_id,rank,expert_id,prob\n'
  const rows = ['b,0,1,0,3,0.75', 'b,0,1,1,4,0.25', 'a,1,1,0,7,0.5', 'a,1,1,1,8,0.5', 'a,0,1,1,6,0.5', 'a,0,1,0,5,0.5']
  const file = `${header}${rows.join('\n')}\n`
  expect((await inspect(sourceOf(file))).candidates).toMatchObject([{ format: 'csv', certain: true }])
  const trace = await openedTrace(file, { answers })
  expect(trace).toMatchObject({ layers: [1], topK: 2 })
  expect([...trace.expertIds]).toEqual([3, 4, 5, 6, 7, 8])
  expect([...(trace.expertWeights ?? [])]).toEqual([0.75, 0.25, 0.5, 0.5, 0.5, 0.5])
  expect([...trace.sequenceStarts]).toEqual([0, 1])
  const unranked = await openedTrace('pos,layer,expert\n0,0,3\n0,0,1\n1,0,2\n1,0,5\n', { answers })
  expect([...unranked.expertIds]).toEqual([3, 1, 2, 5])
  expect(unranked.notes.join(' ')).toContain('ranked in the order of its rows')
})

test('a row of a table by other names that no model can have is told', async () => {
  await expect(openRouting(sourceOf('pos,layer,expert\n0,0,1\n1,5000,2\n'))).rejects.toThrow(
    /row 3: layer: expected 0 to 4095/
  )
})

test.each([
  ['OLMoE', lines({ input_ids: [1], exp_ids: [[[1], [2]]] }), [1, 2]],
  ['a logger', lines({ layer: 0, topk_ids: [3, 4] }), [3, 4]],
  ['vLLM', lines({ choices: [{ routed_experts: [[[5, 6]]] }] }), [5, 6]]
])('of JSON lines of %s that were cut off, the whole ones are read', async (_, line, expected) => {
  const trace = await openedTrace(`${line}${line.slice(0, -6)}`, { answers })
  expect([...trace.expertIds]).toEqual(expected)
  expect(trace.notes).toContain(
    'The last line (2) is cut off, as by a kill, and is left out: the 1 before it are whole.'
  )
  // Another line, and one that ends with a newline, is damaged.
  await expect(openRouting(sourceOf(`${line.slice(0, -6)}\n${line}`), { answers })).rejects.toThrow(/is not JSON/)
  await expect(openRouting(sourceOf(`${line}${line.slice(0, -6)}\n`), { answers })).rejects.toThrow(
    /line 2 is not JSON/
  )
})

const base64 = (values: readonly number[]) => Buffer.from(Int32Array.from(values).buffer).toString('base64')

test('parts of a server that prefills and decodes apart are joined where their rows fit', async () => {
  const meta_info = {
    prompt_tokens: 2,
    completion_tokens: 2,
    pd_prefill_routed_experts: base64([1, 2, 3, 4]),
    pd_decode_routed_experts: base64([5, 6])
  }
  const trace = await openedTrace(JSON.stringify({ text: '', meta_info }), {
    answers: { layers: 1, 'top-k': 2, ...answers }
  })
  expect([...trace.expertIds]).toEqual([1, 2, 3, 4, 5, 6])
  const other = JSON.stringify({ text: '', meta_info: { ...meta_info, prompt_tokens: 3 } })
  await expect(openRouting(sourceOf(other))).rejects.toThrow(/prefills and decodes apart are not read.*\.npy/)
})
