import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Architecture, RouterSpec } from '../architecture'
import { arbitraryArchitecture } from '../architecture.arbitrary'
import { describe } from '../describe/architecture'
import { llama3, mixtral8x7b, qwen15Moe } from '../published.fixture'
import { readConfig } from '../runnable'
import { readBytesPerToken, storedBytes } from './bytes'
import {
  activeBytesPerToken,
  countParameters,
  flopsPerToken,
  kvBytesPerToken,
  trainFlopsPerToken,
  weightBytes
} from './count'
import { parameterTree } from './parameters'

test('Mixtral-8x7B', () => {
  const architecture = readConfig(mixtral8x7b)
  const { total, active, components } = countParameters(architecture)
  // Half of total_size 93405585408 (bytes, bf16) in the checkpoint's model.safetensors.index.json.
  expect(total).toBe(46_702_792_704)
  // Published: "12.9B parameters per token" (https://mistral.ai/news/mixtral-of-experts).
  expect(active.all / 1e9).toBeCloseTo(12.9, 1)
  // Two of eight experts of three 4096 x 14336 matrices, in 32 layers.
  expect(total - active.all).toBe(32 * 6 * 3 * 4096 * 14336)
  expect(components.router).toBe(32 * 8 * 4096)
  expect(components.dense + components.shared).toBe(0)
  // Twice the weights but the input table, and 2 x 2 x 32 heads x 128 in 32 layers for each of 4096 tokens.
  expect(flopsPerToken(architecture, 4096)).toBe(27_645_190_144)
  // 8 heads x 128 x (key + value) x 2 bytes x 32 layers.
  expect(kvBytesPerToken(architecture, 2)).toBe(128 * 1024)
  expect(weightBytes(architecture).bf16).toBe(93_405_585_408)
})

test('Qwen1.5-MoE-A2.7B', () => {
  const { total, active, components } = countParameters(readConfig(qwen15Moe))
  // Half of total_size 28631568384 (bytes, bf16) in the checkpoint's index; "params" of the KerasHub preset.
  expect(total).toBe(14_315_784_192)
  // The name: 2.7B activated parameters.
  expect(active.all / 1e9).toBeCloseTo(2.7, 1)
  expect(components.shared).toBe(24 * (3 * 2048 * 5632 + 2048))
  expect(components.attention).toBe(24 * (4 * 2048 * 2048 + 3 * 2048))
})

test('Llama-3-8B', () => {
  const { total, active, components } = countParameters(readConfig(llama3))
  // Half of total_size 16060522496 (bytes, bf16) in the checkpoint's model.safetensors.index.json.
  expect(total).toBe(8_030_261_248)
  expect(active).toEqual({
    all: total,
    no_input_embedding: total - 128256 * 4096,
    no_embedding: total - 2 * 128256 * 4096
  })
  expect(components.experts + components.router + components.shared).toBe(0)
})

test('weights that layers share count once, and cost arithmetic in every layer', () => {
  const architecture = { ...readConfig({ ...mixtral8x7b, num_hidden_layers: 4 }), sharedLayers: true as const }
  const [four, one] = [4, 1].map((layers) => readConfig({ ...mixtral8x7b, num_hidden_layers: layers }))
  if (!four || !one) throw new Error('expected two models')
  expect(countParameters(architecture)).toEqual(countParameters(one))
  expect(weightBytes(architecture)).toEqual(weightBytes(one))
  expect(flopsPerToken(architecture, 100)).toBe(flopsPerToken(four, 100))
  expect(kvBytesPerToken(architecture, 2)).toBe(kvBytesPerToken(four, 2))
  const [shared, apart] = [describe(architecture), describe(four)]
  expect(storedBytes(shared, 'int4')).toBe(storedBytes(describe(one), 'int4'))
  // Each pass reads them again.
  expect(readBytesPerToken(shared, 'bf16')).toBe(readBytesPerToken(apart, 'bf16'))
  expect(parameterTree(shared).children.map(({ name }) => name)).toContain('layers 0-3 (shared)')
  expect(parameterTree(shared).parameters).toBe(countParameters(one).total)
})

test('a tied table counts once, and as the output projection', () => {
  const architecture = { ...readConfig(llama3), tiedEmbeddings: true }
  const { total, active, components } = countParameters(architecture)
  expect(components.output).toBe(0)
  expect(total).toBe(8_030_261_248 - 128256 * 4096)
  expect(active).toEqual({ all: total, no_input_embedding: total, no_embedding: total - 128256 * 4096 })
})

test('the shared gate of a qwen2_moe without shared expert counts', () => {
  const { components } = countParameters(readConfig({ ...qwen15Moe, shared_expert_intermediate_size: 0 }))
  expect(components.shared).toBe(24 * 2048)
})

test('components sum to the total, and a token that visits every expert touches everything', () => {
  fc.assert(
    fc.property(arbitraryArchitecture, (architecture) => {
      const { total, active, components } = countParameters(architecture)
      expect(Object.values(components).reduce((a, b) => a + b)).toBe(total)
      expect(active.no_embedding).toBeLessThan(active.no_input_embedding)
      expect(active.no_input_embedding).toBeLessThanOrEqual(active.all)
      const everyExpert = countParameters(withTopK(architecture, (experts) => experts))
      expect(everyExpert.active.all).toBe(total)
    })
  )
})

test('each further expert of a token adds its weights, its arithmetic and its bytes', () => {
  const one = withTopK(readConfig(mixtral8x7b), () => 1)
  const two = readConfig(mixtral8x7b)
  const expert = 32 * 3 * 4096 * 14336
  expect(countParameters(two).active.all - countParameters(one).active.all).toBe(expert)
  expect(flopsPerToken(two, 100) - flopsPerToken(one, 100)).toBe(2 * expert)
  expect(activeBytesPerToken(two).int8 - activeBytesPerToken(one).int8).toBe(expert)
  expect(countParameters(two).total).toBe(countParameters(one).total)
})

test('training costs three forward passes, averaged over the positions of the window', () => {
  fc.assert(
    fc.property(arbitraryArchitecture, fc.integer({ min: 1, max: 50 }), (architecture, window) => {
      const forward = Array.from({ length: window }, (_, i) => flopsPerToken(architecture, i + 1))
      const mean = forward.reduce((a, b) => a + b) / window
      expect(trainFlopsPerToken(architecture, window)).toBeCloseTo(3 * mean, 4)
    })
  )
})

test('bytes: 4, 2, 1 and a half a weight', () => {
  const weights = 46_702_792_704
  expect(weightBytes(readConfig(mixtral8x7b))).toEqual({
    fp32: 4 * weights,
    bf16: 2 * weights,
    int8: weights,
    int4: weights / 2
  })
})

function withTopK(architecture: Architecture, topK: (experts: number) => number): Architecture {
  const layers = architecture.layers.map(({ attention, feedForward }) => ({
    attention,
    feedForward:
      feedForward.kind === 'moe'
        ? { ...feedForward, topK: topK(feedForward.experts), router: withAllGroups(feedForward.router) }
        : feedForward
  }))
  return { ...architecture, layers }
}

/** A token may use the experts of all groups, where a router has them. */
function withAllGroups(router: RouterSpec): RouterSpec {
  return 'n_group' in router ? { ...router, topk_group: router.n_group } : router
}
