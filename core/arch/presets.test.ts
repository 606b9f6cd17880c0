import { expect, test } from 'vitest'
import { topKRouterSpec } from './architecture'
import { countParameters } from './count/count'
import { denseArchitecture, moeArchitecture } from './presets'
import { readConfig } from './runnable'
import { writeConfig } from './write-config'

const vocabularySize = 55

test('the dense model of width 64 has 101120 parameters', () => {
  // 55*64 embedding + 2 layers of (4*64*64 attention + 3*64*168 feed-forward + 2*64 norms) + 64 final norm.
  const { total, active } = countParameters(denseArchitecture({ width: 64, vocabularySize }))
  expect(total).toBe(101_120)
  expect(active.all).toBe(101_120)
})

test('the MoE of width 64 weighs 579328 and costs 106240', () => {
  // As above, with 16 experts of 3*64*88 and a router of 16*64 in place of each feed-forward; 2 experts are active.
  const { total, active } = countParameters(moeArchitecture({ width: 64, vocabularySize }))
  expect(total).toBe(579_328)
  expect(active.all).toBe(106_240)
})

test('qwen2_moe members count as transformers counts them', () => {
  // num_parameters() of AutoModelForCausalLM (transformers 5.18) with the config.json that writeConfig gives.
  const top1 = moeArchitecture({ width: 64, vocabularySize, topK: 1, router: topKRouterSpec(false) })
  expect(countParameters(top1).total).toBe(579_456)
  expect(countParameters(moeArchitecture({ width: 64, vocabularySize, sharedWidth: 16 })).total).toBe(585_600)
})

test.each([
  [32, 48],
  [64, 88],
  [128, 176]
])('experts of width %i are %i wide by default', (width, expertWidth) => {
  const { layers } = moeArchitecture({ width, vocabularySize })
  expect(layers).toHaveLength(2)
  for (const { feedForward } of layers) {
    expect(feedForward).toEqual({
      kind: 'moe',
      experts: 16,
      topK: 2,
      expertWidth,
      router: { kind: 'top-k', normalise_gates: true },
      sharedWidth: 0
    })
  }
})

test('the model type follows from the gates and the shared expert', () => {
  const moe = { width: 32, vocabularySize }
  expect(denseArchitecture(moe).modelType).toBe('llama')
  expect(moeArchitecture(moe).modelType).toBe('mixtral')
  expect(moeArchitecture({ ...moe, sharedWidth: 16 }).modelType).toBe('qwen2_moe')
  expect(moeArchitecture({ ...moe, router: topKRouterSpec(false), topK: 1 }).modelType).toBe('qwen2_moe')
})

test('every kind of member can be written as config.json', () => {
  const shape = { width: 48, vocabularySize, heads: 2, layers: 3, context: 128 }
  for (const architecture of [
    denseArchitecture(shape),
    moeArchitecture(shape),
    moeArchitecture({ ...shape, experts: 8, topK: 1, router: topKRouterSpec(false) }),
    moeArchitecture({ ...shape, sharedWidth: 32, expertWidth: 24 })
  ]) {
    expect(readConfig(writeConfig(architecture))).toEqual(architecture)
  }
})

test('impossible members are errors', () => {
  expect(() => denseArchitecture({ width: 36, vocabularySize })).toThrow(/multiple of 8 .* found 36/)
  expect(() => moeArchitecture({ width: 32, vocabularySize, topK: 1 })).toThrow(/normalise_gates: false/)
  expect(() => moeArchitecture({ width: 32, vocabularySize, experts: 4, topK: 5 })).toThrow(/1 to 4 .* found 5/)
})
