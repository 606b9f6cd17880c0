/** Forms in which people keep routing, beside those that recorders write. */
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type StoredTensor, storedTensor } from '../../formats/tensor-data'
import { noExpert } from '../trace'
import {
  fixtureIds,
  grid,
  idAt,
  layers,
  logitAt,
  numpyFile,
  openedTrace,
  safetensors,
  sourceOf,
  tokens
} from './files.fixture'
import { inspect, openRouting } from './open'

const lines = (records: readonly object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')
const each = (count: number) => Array.from({ length: count }, (_, i) => i)
const answers = { experts: 8 }
const ids = (token: number, layer: number) => [idAt(token, layer, 0), idAt(token, layer, 1)]

/** `[layers, experts]` */
const counts = [
  [5, 0, 9, 12],
  [7, 7, 2, 10],
  [0, 20, 3, 3]
]
const counted = { kind: 'counts', layers: [0, 1, 2], experts: 4, steps: 1 }

async function opened(content: string | Uint8Array, name = 'file') {
  const routing = await openRouting(sourceOf(content, name))
  if (routing.kind !== 'counts') throw new Error('expected counts')
  return routing
}

describe('counts', () => {
  const vectors = (name: (layer: number) => string, of: (row: number[]) => unknown = (row) => row) =>
    Object.fromEntries(counts.map((row, layer) => [name(layer), of(row)]))
  const perExpert = (row: number[]) => Object.fromEntries(row.entries())

  test.each<[string, string | Uint8Array]>([
    ['a vector for each layer', JSON.stringify(vectors((layer) => `layer_${layer}`))],
    ['by the number of the layer', JSON.stringify(vectors(String))],
    ['below a name', JSON.stringify({ expert_counts: vectors(String), tokens: 24 })],
    ['dicts by expert', JSON.stringify(vectors(String, perExpert))],
    [
      'floats in safetensors',
      safetensors(
        vectors(
          (layer) => `layers.${layer}.mlp`,
          (row) => storedTensor(Float32Array.from(row), [4])
        ) as Record<string, StoredTensor>
      )
    ],
    ['records of vectors', lines(counts.map((row, layer) => ({ layer, expert_counts: row })))],
    ['records of matrices', lines([{ step: 0, counts }])],
    [
      'records of one expert',
      lines(counts.flatMap((row, layer) => row.map((count, expert) => ({ layer, expert, count }))))
    ],
    [
      'some experts of a layer',
      lines(counts.map((row, layer) => ({ layer, experts: [3, 2, 1, 0], counts: row.toReversed() })))
    ],
    [
      'a column for each expert',
      `layer,expert_0,expert_1,expert_2,expert_3\n${counts.map((row, layer) => [layer, ...row].join()).join('\n')}`
    ]
  ])('%s', async (_, content) => {
    const routing = await opened(content)
    expect(routing).toMatchObject(counted)
    expect([...routing.counts]).toEqual(counts.flat())
  })

  test('steps, layers by their numbers, and counts that add up', async () => {
    const record = (step: number) => counts.map((row, i) => ({ step, layer_id: 2 * i + 1, tokens_per_expert: row }))
    const stepped = await opened(lines([...record(0), ...record(7)]))
    expect(stepped).toMatchObject({ steps: 2, layers: [1, 3, 5] })
    expect([...stepped.counts]).toEqual([...counts.flat(), ...counts.flat()])
    const twice = await opened(lines([...record(0), ...record(0)]))
    expect([...twice.counts]).toEqual(counts.flat().map((count) => 2 * count))
    expect(twice.notes.join()).toMatch(/more than once and are added up/)
  })

  test.each([
    ['rows of tokens', 'layer,expert_0,expert_1,expert_2,expert_3\n0,3,1,2,0\n0,2,1,3,0\n', /layer 0 has several rows/],
    ['no layer', lines([{ step: 1, expert_counts: [1, 2] }]), /expected the layer beside the counts/],
    ['a fraction of a list', lines([{ layer: 0, experts: [1], counts: [1, 2] }]), /expected as many as experts/]
  ])('%s are refused', async (_, content, message) => {
    await expect(openRouting(sourceOf(content))).rejects.toThrow(message)
  })

  test('vectors that may as well be the choices of top-1 are none', async () => {
    const { candidates } = await inspect(sourceOf(JSON.stringify({ layer_0: [1, 0, 2, 3], layer_1: [0, 3, 1, 2] })))
    expect(candidates).toEqual([])
  })
})

describe('records of choices', () => {
  const records = each(tokens).flatMap((token) =>
    each(layers).map((layer) => ({ token_idx: token, layer, topk_ids: ids(token, layer) }))
  )
  const byLayer = (of: (token: number, layer: number) => unknown) =>
    lines(
      each(tokens).map((token) => ({
        token,
        layers: Object.fromEntries(each(layers).map((layer) => [layer, of(token, layer)]))
      }))
    )

  test.each([
    ['in an object', JSON.stringify({ model: 'm', records })],
    ['layers of a token as a dict', byLayer(ids)],
    ['whose layers have more', byLayer((token, layer) => ({ experts: ids(token, layer) }))],
    [
      'a list of layers',
      lines(
        each(tokens).map((token) => ({
          token,
          layers: each(layers).map((layer) => ({ layer, experts: ids(token, layer) }))
        }))
      )
    ],
    [
      'experts by the names of layers',
      lines(
        each(tokens).map((token) => ({
          token,
          experts: Object.fromEntries(each(layers).map((layer) => [`model.layers.${layer}.mlp`, ids(token, layer)]))
        }))
      )
    ],
    [
      'a column for each rank',
      `token,layer,expert_1,expert_2\n${records.map((each) => [each.token_idx, each.layer, ...each.topk_ids].join()).join('\n')}`
    ]
  ])('%s', async (_, content) => {
    const trace = await openedTrace(content, { answers })
    expect(trace).toMatchObject({ layers: [0, 1, 2], topK: 2 })
    expect([...trace.expertIds]).toEqual(fixtureIds)
  })

  test('what stands around the records is of the model', async () => {
    const trace = await openedTrace(JSON.stringify({ model: 'm', num_experts: 64, records }))
    expect(trace).toMatchObject({ model: 'm', experts: 64 })
  })

  test('weights of a column for each rank, and a place without an expert', async () => {
    const trace = await openedTrace('token,layer,expert0,expert1,weight0,weight1\n0,0,3,1,0.75,0.25\n1,0,2,-1,1,0\n', {
      answers
    })
    expect([...trace.expertIds]).toEqual([3, 1, 2, noExpert])
    expect([...(trace.expertWeights ?? [])].slice(0, 2)).toEqual([0.75, 0.25])
    const logits = 'token,layer,expert_0,expert_1\n0,0,-1.5,0.25\n'
    await expect(openedTrace(logits)).rejects.toThrow(/expert_0: .*found -1\.5: a column for each expert has logits/)
  })
})

describe('records of logits', () => {
  const row = (token: number, layer: number) => each(8).map((expert) => logitAt(token, layer, expert))
  const all = grid(tokens, layers, 8, logitAt)

  test.each([
    [
      'of a token and layer, in any order',
      lines(
        each(layers).flatMap((layer) =>
          each(tokens).map((t) => ({ token: tokens - 1 - t, layer, router_logits: row(tokens - 1 - t, layer) }))
        )
      )
    ],
    [
      'of a layer',
      lines(each(layers).map((layer) => ({ layer, router_logits: each(tokens).map((t) => row(t, layer)) })))
    ],
    [
      'of a token',
      lines(each(tokens).map((t) => ({ token_idx: t, router_logits: each(layers).map((layer) => row(t, layer)) })))
    ]
  ])('%s', async (_, content) => {
    const trace = await openedTrace(content, { answers: { 'top-k': 2 } })
    expect(trace).toMatchObject({ layers: [0, 1, 2], experts: 8 })
    expect([...(trace.routerLogits ?? [])]).toEqual(all)
  })

  test('texts follow each other; what is missing or comes twice is said', async () => {
    const of = (req_id: string, token: number, layer: number) => ({
      req_id,
      token,
      layer,
      router_logits: row(token, layer)
    })
    const two = await openedTrace(lines([of('a', 0, 0), of('a', 1, 0), of('b', 0, 0), of('b', 1, 0)]), {
      answers: { 'top-k': 1 }
    })
    expect([...two.sequenceStarts]).toEqual([0, 2])
    const open = (...records: object[]) => openRouting(sourceOf(lines(records)), { answers: { 'top-k': 1 } })
    await expect(open(of('a', 0, 0), of('a', 0, 0))).rejects.toThrow(/token 0 of layer 0 comes twice/)
    await expect(open(of('a', 0, 0), of('a', 1, 0), of('a', 0, 1))).rejects.toThrow(
      /layer 1 has 1 tokens, expected the 2/
    )
  })
})

describe('containers', () => {
  test('gzip around any of them', async () => {
    const packed = new Uint8Array(gzipSync(numpyFile('vllmInt32')))
    const trace = await openedTrace(packed, { answers })
    expect([...trace.expertIds]).toEqual(fixtureIds)
    await expect(openRouting(sourceOf(packed.slice(0, -9)))).rejects.toThrow('damaged')
    await expect(openRouting(sourceOf(new Uint8Array([...packed, ...packed])))).rejects.toThrow('of several members')
    const bomb = new Uint8Array(2 ** 20)
    bomb.set(packed)
    bomb.set([0, 0, 0, 0x40], bomb.length - 4)
    await expect(openRouting(sourceOf(bomb))).rejects.toThrow(/unpacks to 1073741824 bytes, and 536870912 are read/)
  })
})

describe('the axes and the layer of a single array', () => {
  const array = (name: string, shape: number[]) => {
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => ((7 * i) % 11) / 4 - 1)
    return safetensors({ [name]: storedTensor(values, shape) })
  }
  const topK = { 'top-k': 2 }

  test('a first axis of 1 is a batch or a layer: that is asked, and said', async () => {
    const file = array('router_logits', [1, 4, 6, 8])
    const { candidates } = await inspect(sourceOf(file))
    expect(candidates[0]?.questions).toContainEqual(
      expect.objectContaining({ id: 'axes', choices: expect.arrayContaining(['layers-batch-tokens-experts']) })
    )
    const assumed = await openedTrace(file, { answers: topK })
    expect(assumed.layers).toEqual([0, 1, 2, 3])
    expect(assumed.expertIds).toHaveLength(6 * 4 * 2)
    expect(assumed.notes.join()).toMatch(/are taken as a batch of one, layers, tokens, experts/)
    const told = await openedTrace(file, { answers: { ...topK, axes: 'layers-batch-tokens-experts' } })
    expect(told.layers).toEqual([0])
    expect(told.expertIds).toHaveLength(24 * 2)
    expect([...told.sequenceStarts]).toEqual([0, 6, 12, 18])
  })

  test('its layer is the number after that word in its name, and said', async () => {
    const trace = await openedTrace(array('run7_router_logits_layer_5', [6, 8]), { answers: topK })
    expect(trace.layers).toEqual([5])
    expect(trace.notes.join()).toMatch(/The layer, 5, is the number in the name 'run7_router_logits_layer_5'/)
    const other = await openedTrace(array('layer_logits_run7', [6, 8]), { answers: topK })
    expect(other.layers).toEqual([0])
    expect(other.notes.join()).toMatch(/does not say which layers/)
  })
})
