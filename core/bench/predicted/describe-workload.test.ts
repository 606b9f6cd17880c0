import { describe, expect, test } from 'vitest'
import { countDescription } from '../../arch/count/parameters'
import { describe as describeArchitecture } from '../../arch/describe/architecture'
import { describeGalleryModel, findGalleryModel } from '../../arch/gallery'
import { gallery } from '../../arch/gallery.fixture'
import { denseArchitecture, moeArchitecture } from '../../arch/presets'
import { computingPrecision, describeWorkload, writesTokens } from './describe-workload'
import { findDevice } from './devices'
import { memoryNeed, predictSpeed } from './predict'

const model = (id: string) => describeGalleryModel(findGalleryModel(gallery, id) ?? expect.fail(`no model '${id}'`))
const options = { format: 'bf16', context: 4096 } as const
const writers = gallery.filter((each) => writesTokens(describeGalleryModel(each)))

describe.each(writers.map(({ id }) => id))('%s', (id) => {
  const description = model(id)
  const { total, active, components } = countDescription(description)
  const workload = describeWorkload(description, options)

  test('in 16 bits, what lies in memory are two bytes for each weight', () => {
    const alone = { ...workload, cacheBytes: 0 }
    const device = findDevice('h100-sxm') ?? expect.fail('no H100')
    expect(memoryNeed(alone, device).weights / (2 * total)).toBeCloseTo(1, 9)
  })

  test('a step of one token reads the active weights once', () => {
    const read =
      workload.denseBytes +
      workload.moeLayers.reduce((bytes, { topK, bytesPerExpert }) => bytes + topK * bytesPerExpert, 0)
    const lookups = components.positionEmbedding
    expect(read / (2 * (active.no_input_embedding - lookups))).toBeCloseTo(1, 6)
  })

  test('weights without attention cost two operations each', () => {
    const none = describeWorkload(description, { ...options, context: 1 })
    const experts = none.moeLayers.reduce((flops, layer) => flops + layer.topK * layer.flopsPerExpert, 0)
    const weights = 2 * (active.no_input_embedding - components.positionEmbedding)
    expect((none.denseFlops.prefill + experts) / weights).toBeGreaterThan(0.999)
    expect((none.denseFlops.prefill + experts) / weights).toBeLessThan(1.01)
  })
})

// Mixtral of Experts (arXiv 2401.04088): 32 layers of 8 experts, two for a token; each of 3 x 4096 x 14336 weights.
test('the experts of Mixtral', () => {
  const { moeLayers } = describeWorkload(model('mixtral-8x7b'), options)
  expect(moeLayers).toHaveLength(32)
  const weights = 3 * 4096 * 14336
  for (const layer of moeLayers) {
    expect(layer).toEqual({
      experts: 8,
      topK: 2,
      bytesPerExpert: 2 * weights,
      flopsPerExpert: 2 * weights,
      hiddenBytes: 2 * 4096
    })
  }
})

test('experts in a latent get the latent, and others the whole width', () => {
  const hidden = (id: string) =>
    new Set(describeWorkload(model(id), options).moeLayers.map(({ hiddenBytes }) => hiddenBytes))
  expect(hidden('nemotron-3-ultra')).toEqual(new Set([2 * 2048]))
  expect(hidden('deepseek-v3')).toEqual(new Set([2 * 7168]))
})

// DeepSeek-V2 (arXiv 2405.04434) and DeepSeek-V3: 512 + 64 numbers of latent for each of 61 layers.
test('the cache of DeepSeek-V3', () => {
  expect(describeWorkload(model('deepseek-v3'), options).cacheBytes).toBe(4096 * 61 * 576 * 2)
})

test('models that are not one decoder are told apart', () => {
  const others = gallery.filter(({ id }) => !writers.some((each) => each.id === id)).map(({ id }) => id)
  expect(others).toEqual(['bert-base', 'switch-base-8', 'switch-c-2048', 'nllb-moe-54b'])
})

test('integers and blocks are computed in 16 bits', () => {
  expect((['fp32', 'bf16', 'fp8', 'int8', 'mxfp4', 'q4_k'] as const).map(computingPrecision)).toEqual([
    'fp32',
    'bf16',
    'fp8',
    'bf16',
    'bf16',
    'bf16'
  ])
})

test('an MoE is predicted to decode between the dense models of its active and of its total size', () => {
  const device = findDevice('rtx-4090') ?? expect.fail('no RTX 4090')
  const common = { width: 1024, layers: 8, vocabularySize: 1000, context: 64 }
  const speed = (feedForward: { dense: number } | { experts: number; topK: number; expertWidth: number }) => {
    const architecture =
      'dense' in feedForward
        ? denseArchitecture({ ...common, feedForwardWidth: feedForward.dense })
        : moeArchitecture({ ...common, ...feedForward })
    const workload = describeWorkload(describeArchitecture(architecture), { format: 'bf16', context: 64 })
    return predictSpeed('decode', workload, device).tokensPerSecond
  }
  const moe = speed({ experts: 16, topK: 2, expertWidth: 2048 })
  expect(moe).toBeLessThan(speed({ dense: 2 * 2048 }))
  expect(moe).toBeGreaterThan(speed({ dense: 16 * 2048 }))
})
