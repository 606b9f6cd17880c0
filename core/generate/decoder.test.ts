import * as onnxRuntime from 'onnxruntime-node'
import { expect, test } from 'vitest'
import type { Architecture } from '../arch/architecture'
import { topKRouterSpec } from '../arch/architecture'
import { denseArchitecture, moeArchitecture } from '../arch/presets'
import { tokenizer } from '../corpus'
import { branchedExperts } from '../model/experts/branched'
import { capacityExperts } from '../model/experts/capacity'
import { gatheredExperts } from '../model/experts/gathered'
import { initialWeights } from '../model/initial-weights'
import { prunedModel, silencedModel } from '../model/pruned.fixture'
import type { RunnableModel } from '../model/runnable-model'
import { createOnnxRuntimeBackend } from '../runtime/onnx-runtime'
import type { Decoder, DecoderOptions } from './decoder'
import { createDecoder } from './decoder'

const backend = createOnnxRuntimeBackend(onnxRuntime, { name: 'native', threads: 1 })
const shape = { width: 16, vocabularySize: tokenizer.size }
const text = [...tokenizer.encode('\ngeba lives in ')]

function modelOf(architecture: Architecture): RunnableModel {
  // Larger than a start of training, so that routers and heads differ clearly from token to token.
  const parameters = initialWeights(architecture, 3).map((each) => 3 * each)
  return { id: 'random', architecture, parameters, tokenizer, report: undefined }
}

async function logitsStepByStep(model: RunnableModel, options: DecoderOptions, prefilled: number) {
  const decoder = await createDecoder(backend, model, options)
  const readings = [await decoder.prefill(text.slice(0, prefilled))]
  for (const token of text.slice(prefilled)) readings.push(await decoder.step(token))
  await decoder.release()
  return {
    logits: readings.flatMap((each) => each.logits.map((row) => Array.from(row))),
    routing: readings.flatMap((each) => each.routing())
  }
}

function expectClose(found: number[][], expected: number[][]): void {
  const scale = Math.max(...expected.flat().map(Math.abs))
  found.forEach((row, i) =>
    row.forEach((value, j) => expect(Math.abs(value - (expected[i]?.[j] ?? Number.NaN)) / scale).toBeLessThan(1e-5))
  )
}

const dense = denseArchitecture(shape)
const qwen3: Architecture = {
  ...dense,
  modelType: 'qwen3',
  layers: dense.layers.map(({ attention, ...layer }) => ({
    ...layer,
    attention: { ...attention, queryKeyNorm: 'head', window: 4 }
  }))
}
const moe = modelOf(moeArchitecture({ ...shape, experts: 6 }))

test.each([
  ['a dense model', modelOf(denseArchitecture(shape)), {}],
  ['gathered experts', moe, { decode: gatheredExperts }],
  ['branched experts', moe, { decode: branchedExperts }],
  ['experts with room for all', moe, { prefill: capacityExperts(64) }],
  [
    'top-1, un-normalised',
    modelOf(moeArchitecture({ ...shape, experts: 4, topK: 1, router: topKRouterSpec(false) })),
    {}
  ],
  ['a shared expert', modelOf(moeArchitecture({ ...shape, experts: 4, sharedWidth: 24 })), {}],
  ['a window and norms of queries and keys', modelOf(qwen3), {}]
])('reading token by token gives the logits of reading all at once: %s', async (_, model, options) => {
  const whole = await logitsStepByStep(model, {}, text.length)
  const stepped = await logitsStepByStep(model, options, 3)
  expect(stepped.logits).toHaveLength(text.length)
  expectClose(stepped.logits, whole.logits)
  expect(stepped.routing.map((token) => token.map((each) => each.experts))).toEqual(
    whole.routing.map((token) => token.map((each) => each.experts))
  )
})

test('experts beyond their capacity drop tokens and say which', async () => {
  const decoder = await createDecoder(backend, moe, { prefill: capacityExperts(1) })
  const routing = (await decoder.prefill(text)).routing()
  await decoder.release()
  const seen = moe.architecture.layers.map(() => new Set<number>())
  for (const [layer, taken] of seen.entries()) {
    for (const token of routing) {
      const decision = token[layer]
      expect(decision?.dropped).toEqual(decision?.experts.filter((expert) => taken.has(expert)))
      decision?.experts.forEach((expert) => taken.add(expert))
    }
  }
})

test('gates of a normalised router sum to 1 and follow the softmax of the chosen logits', async () => {
  const decoder = await createDecoder(backend, moe)
  const routing = (await decoder.prefill(text)).routing()
  await decoder.release()
  for (const { logits, experts, gates } of routing.flat()) {
    const best = Array.from(logits.keys()).sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0))
    expect(experts).toEqual(best.slice(0, experts.length))
    const weights = experts.map((expert) => Math.exp(logits[expert] ?? 0))
    const total = weights.reduce((a, b) => a + b)
    expect(gates[0]).toBeCloseTo((weights[0] ?? 0) / total, 5)
    expect(gates.reduce((a, b) => a + b)).toBeCloseTo(1, 5)
  }
})

test('a full context is refused, and a prompt longer than it too', async () => {
  const decoder = await createDecoder(backend, moe)
  await expect(decoder.prefill(new Array<number>(65).fill(0))).rejects.toThrow('65 tokens cannot be read at once')
  await decoder.prefill(new Array<number>(64).fill(0))
  expect(decoder.room).toBe(0)
  await expect(decoder.step(1)).rejects.toThrow('context of 64 tokens is full')
  await decoder.release()
})

test.each([
  ['softmax top-2', moe],
  ['top-1, un-normalised', modelOf(moeArchitecture({ ...shape, experts: 6, topK: 1, router: topKRouterSpec(false) }))],
  ['ReLU', modelOf(moeArchitecture({ ...shape, experts: 6, router: { kind: 'relu' } }))]
])('experts that are off get no token, as if they were cut out; then all are on again: %s', async (_, model) => {
  const { architecture } = model
  const pruned = prunedModel(architecture, model.parameters, [0, 2, 3, 5])
  const cut = await createDecoder(backend, { ...model, architecture: pruned.architecture, parameters: pruned.flat })
  const decoder = await createDecoder(backend, model, { masked: true })
  const read = async (of: Decoder) => {
    const readings = [await of.prefill(text.slice(0, 4))]
    for (const token of text.slice(4)) readings.push(await of.step(token))
    return {
      logits: readings.flatMap(({ logits }) => logits.map((row) => [...row])),
      routing: readings.flatMap((each) => each.routing())
    }
  }
  const plain = await logitsStepByStep(model, {}, 4)
  expectClose((await read(decoder)).logits, plain.logits)
  decoder.mask([0, 1].map((layer) => ({ kind: 'mask', layer, experts: [1, 4] })))
  const masked = await read(decoder)
  expectClose(masked.logits, (await read(cut)).logits)
  const chosen = masked.routing.flat().flatMap(({ experts, gates }) => experts.filter((_, i) => (gates[i] ?? 0) > 0))
  expect([...new Set(chosen)].filter((expert) => [1, 4].includes(expert))).toEqual([])
  decoder.mask([{ kind: 'mask', layer: 1, experts: [0] }])
  const [first, second] = (await read(decoder)).routing.at(-1) ?? []
  expect(first?.logits.every((logit) => logit > -1e6)).toBe(true)
  expect(second?.logits[0]).toBeLessThan(-1e6)
  decoder.mask([])
  expectClose((await read(decoder)).logits, plain.logits)
  expect(() => decoder.mask([{ kind: 'mask', layer: 0, experts: [6] }])).toThrow(
    /layer 0: expected an expert from 0 to 5/
  )
  await Promise.all([decoder.release(), cut.release()])
})

test.each([
  ['softmax top-2', moe],
  ['with a shared expert', modelOf(moeArchitecture({ ...shape, experts: 4, sharedWidth: 8 }))]
])('a skipped layer passes the residual stream on, and its router decides nothing: %s', async (_, model) => {
  const silent = { ...model, parameters: silencedModel(model.architecture, model.parameters, 0) }
  const [decoder, reference] = [
    await createDecoder(backend, model, { masked: true, skipped: [0] }),
    await createDecoder(backend, silent, { masked: true })
  ]
  const mask = { kind: 'mask', layer: 1, experts: [1] } as const
  for (const masks of [[], [mask]]) {
    decoder.mask(masks)
    reference.mask(masks)
    const [found, expected] = [await decoder.prefill(text.slice(0, 4)), await reference.prefill(text.slice(0, 4))]
    expectClose(
      found.logits.map((row) => [...row]),
      expected.logits.map((row) => [...row])
    )
    const [step, other] = [await decoder.step(5), await reference.step(5)]
    expectClose(
      step.logits.map((row) => [...row]),
      other.logits.map((row) => [...row])
    )
    const [[first, second] = []] = step.routing()
    expect(first).toMatchObject({ layer: 0, experts: [], dropped: [] })
    expect(second?.experts).toEqual(other.routing()[0]?.[1]?.experts)
  }
  expect(() => decoder.mask([{ kind: 'mask', layer: 0, experts: [1] }])).toThrow(/layer 0: expected one intervention/)
  await Promise.all([decoder.release(), reference.release()])
})

test('every MoE skipped: nothing is routed', async () => {
  const decoder = await createDecoder(backend, moe, { masked: true, skipped: [0, 1] })
  const reading = await decoder.prefill(text.slice(0, 4))
  expect(
    reading
      .routing()
      .flat()
      .map(({ experts }) => experts)
  ).toEqual(Array.from({ length: 8 }, () => []))
  await decoder.release()
})

test('a decoder that was not made for masks refuses them', async () => {
  const decoder = await createDecoder(backend, moe)
  expect(() => decoder.mask([])).toThrow(/not made for masks/)
  await decoder.release()
})
