import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDescription } from '../describe/read'
import type { WeightFormatId } from '../describe/weight-format'
import { describeGalleryModel } from '../gallery'
import { configOf, gallery } from '../gallery.fixture'
import { readBytesPerToken, storedBytes, weightReads } from './bytes'
import { cacheBytes } from './cache'
import { decodeFlopsPerToken, modelFlopsPerToken, prefillFlopsPerToken } from './flops'
import { countDescription, type ParameterNode, parameterTree } from './parameters'
import { weightFormats } from './weight-formats'

const of = (id: string) => readDescription(configOf(id))
const formats = Object.keys(weightFormats) as WeightFormatId[]

describe.each(gallery.map((model) => [model.id, describeGalleryModel(model)] as const))('%s', (_, description) => {
  const { total, active, activeRange, components } = countDescription(description)

  test('components and the tree sum to the total, and to what a token touches', () => {
    expect(Object.values(components).reduce((a, b) => a + b)).toBe(total)
    const tree = parameterTree(description)
    expect(tree.parameters).toBe(total)
    expect(tree.active).toBe(active.all)
    expectSums(tree)
    const layers = description.stacks.reduce((sum, { blocks }) => sum + blocks.length, 0)
    expect(tree.children.filter(({ name }) => /layer \d+$/.test(name))).toHaveLength(layers)
  })

  test('conventions are in their order, and the range has the mean inside', () => {
    expect(active.no_embedding).toBeLessThan(active.no_input_embedding)
    expect(active.no_input_embedding).toBeLessThanOrEqual(active.all)
    expect(active.all).toBeLessThanOrEqual(total)
    expect(activeRange === null || activeRange.least.all < active.all).toBe(true)
    expect(activeRange === null || activeRange.most.all > active.all).toBe(true)
  })

  test('bytes: two for each weight in 16 bits; a token reads no more than is stored', () => {
    expect(storedBytes(description, 'bf16')).toBe(2 * total)
    expect(storedBytes(description, 'fp32')).toBe(4 * total)
    const read = active.no_input_embedding - components.positionEmbedding
    expect(readBytesPerToken(description, 'bf16')).toBe(2 * read)
    for (const format of formats) {
      expect(readBytesPerToken(description, format)).toBeLessThanOrEqual(storedBytes(description, format))
    }
  })

  test('caches grow with context and batch, arithmetic with context', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 8 }), (context, batch) => {
        const one = cacheBytes(description, { context })
        const many = cacheBytes(description, { context, batch })
        expect(many.keysAndValues).toBe(batch * one.keysAndValues)
        const longer = cacheBytes(description, { context: context + 1 })
        expect(longer.keysAndValues - one.keysAndValues).toBeGreaterThanOrEqual(one.perToken)
        expect(longer.state).toBe(one.state)
        for (const flops of [modelFlopsPerToken, decodeFlopsPerToken, prefillFlopsPerToken]) {
          expect(flops(description, context + 1)).toBeGreaterThanOrEqual(flops(description, context))
        }
      }),
      { numRuns: 10 }
    )
  })
})

describe('cache', () => {
  test.each([
    // DeepSeek-AI 2025, "Insights into DeepSeek-V3" (arXiv 2505.09343), table 1: bytes of a token in bf16.
    ['DeepSeek-V3', configOf('deepseek-v3'), 70_272],
    [
      'Llama 3.1 405B',
      {
        model_type: 'llama',
        hidden_size: 16384,
        num_hidden_layers: 126,
        num_attention_heads: 128,
        num_key_value_heads: 8
      },
      516_096
    ],
    [
      'Qwen2.5 72B',
      {
        model_type: 'qwen2',
        hidden_size: 8192,
        num_hidden_layers: 80,
        num_attention_heads: 64,
        num_key_value_heads: 8
      },
      327_680
    ]
  ])('%s', (_, config, bytes) => {
    expect(cacheBytes(readDescription(config), { context: 1 }).perToken).toBe(bytes)
  })

  test('a window ends the growth', () => {
    const mistral = of('mistral-7b')
    expect(cacheBytes(mistral, { context: 5000 })).toEqual(cacheBytes(mistral, { context: 4096 }))
    expect(cacheBytes(mistral, { context: 5000 }).perToken).toBe(0)
  })

  test('a step reads what the cache holds, and behind an indexer the chosen tokens and its keys', () => {
    const read = (id: string, context: number) => cacheBytes(of(id), { context }).readPerStep
    for (const id of ['llama-3.1-8b', 'gpt-oss-20b', 'deepseek-v3', 'jetmoe-8b', 'qwen3-next-80b-a3b', 'jamba-v0.1']) {
      const { keysAndValues, state } = cacheBytes(of(id), { context: 5000 })
      expect(read(id, 5000)).toBe(keysAndValues + state)
    }
    // 61 layers; a latent of 512 + 64 of each of 2048 tokens, a key of 128 of each token, in 2 bytes.
    expect(read('deepseek-v3.2', 131_072)).toBe(61 * 2 * (2048 * 576 + 131_072 * 128))
    expect(read('deepseek-v3.2', 1000)).toBe(61 * 2 * 1000 * (576 + 128))
  })

  test("a layer without keys of its own reads an earlier layer's", () => {
    const hunyuan = cacheBytes(of('hunyuan-large'), { context: 100 })
    expect(hunyuan.readPerStep).toBe(2 * hunyuan.keysAndValues)
  })

  test('writing one token reads the cross attention, and no longer what the encoder needed', () => {
    const { keysAndValues, whileEncoding, readPerStep } = cacheBytes(of('switch-base-8'), { context: 512 })
    expect(readPerStep).toBe(keysAndValues - whileEncoding)
  })

  test('states of linear attention: 36 layers of 32 heads of 128 x 128, and convolutions over 4 tokens', () => {
    const { state } = cacheBytes(of('qwen3-next-80b-a3b'), { context: 1, batch: 3 })
    expect(state).toBe(3 * 36 * (4 * 32 * 128 * 128 + 2 * 4 * (2 * 16 * 128 + 32 * 128)))
  })

  test('an encoder keeps nothing; beside a decoder it needs its keys and values while it reads', () => {
    expect(cacheBytes(of('bert-base'), { context: 512 }).keysAndValues).toBe(0)
    const { keysAndValues, whileEncoding } = cacheBytes(of('switch-base-8'), { context: 512 })
    // 12 layers read, 12 attend to themselves, 12 to the encoder.
    expect(whileEncoding).toBe(512 * 12 * 2 * 768 * 2)
    expect(keysAndValues).toBe(3 * whileEncoding)
  })
})

describe('arithmetic', () => {
  test('absorbed latent attention takes 3.4 times the multiplications of a head', () => {
    const [v3, context] = [of('deepseek-v3'), 4096]
    const plain = modelFlopsPerToken(v3, context) - modelFlopsPerToken(v3, 0)
    const absorbed = decodeFlopsPerToken(v3, context) - decodeFlopsPerToken(v3, 0)
    expect(absorbed / plain).toBe(3.4)
  })

  test('an indexer leaves 2048 tokens to the attention and scores them all', () => {
    const v32 = of('deepseek-v3.2')
    const growth = decodeFlopsPerToken(v32, 20_000) - decodeFlopsPerToken(v32, 10_000)
    expect(growth).toBe(10_000 * 2 * 61 * 64 * 128)
    expect(decodeFlopsPerToken(of('deepseek-v3'), 1000)).toBeLessThan(decodeFlopsPerToken(v32, 1000))
  })

  test('a prompt is the mean of its tokens, each attending to those before it', () => {
    for (const id of ['gpt2', 'gpt-oss-20b', 'jamba-v0.1', 'jetmoe-8b', 'deepseek-v3']) {
      const description = of(id)
      const tokens = 300
      const each = Array.from({ length: tokens }, (_, i) => modelFlopsPerToken(description, i + 1))
      const mean = each.reduce((a, b) => a + b) / tokens
      expect(prefillFlopsPerToken(description, tokens) / mean).toBeCloseTo(1, 12)
    }
  })

  test('an encoder attends to all tokens', () => {
    const bert = of('bert-base')
    expect(prefillFlopsPerToken(bert, 512)).toBe(modelFlopsPerToken(bert, 512))
  })
})

describe('formats give the sizes of published files', () => {
  const gigabytes = (id: string, format: WeightFormatId) => storedBytes(of(id), format) / 1e9

  test('MXFP4: 12.8 and 60.8 GiB for gpt-oss (arXiv 2508.10925, table 1)', () => {
    expect(storedBytes(of('gpt-oss-20b'), 'mxfp4') / 2 ** 30).toBeCloseTo(12.8, 1)
    expect(storedBytes(of('gpt-oss-120b'), 'mxfp4') / 2 ** 30).toBeCloseTo(60.8, 1)
  })

  test('Llama 2 7B: 7.16 GB as Q8_0, 3.89 GB as AWQ', () => {
    expect(gigabytes('llama-2-7b', 'q8_0')).toBeCloseTo(7.16, 2)
    expect(gigabytes('llama-2-7b', 'int4')).toBeCloseTo(3.89, 2)
  })

  test('FP8: a scale for each block adds 4 bytes to 16384', () => {
    const weights = (shape: number[]) => weightFormats.fp8.matrix(shape[0] ?? 0, shape[1] ?? 0)
    expect(weights([7168, 2048])).toBe(7168 * 2048 + 4 * 56 * 16)
    expect(weights([1, 129])).toBe(129 + 4 * 2)
  })
})

describe('what a step reads of the weights', () => {
  test('DeepSeek-V3: 58 layers of 256 experts, 8 of them for a token', () => {
    const { experts } = weightReads(of('deepseek-v3'), 'bf16')
    expect(experts).toHaveLength(58)
    expect(experts[0]).toEqual({ experts: 256, topK: 8, bytesPerExpert: 2 * 3 * 7168 * 2048 })
  })

  test('JetMoE routes attention too, LongCat some tokens to nothing', () => {
    expect(weightReads(of('jetmoe-8b'), 'bf16').experts.slice(0, 2)).toEqual([
      { experts: 8, topK: 2, bytesPerExpert: 2 * 2 * 2048 * 2048 },
      { experts: 8, topK: 2, bytesPerExpert: 2 * 3 * 2048 * 5632 }
    ])
    expect(weightReads(of('longcat-flash'), 'bf16').experts[0]?.topK).toBe(8)
  })
})

test('LongCat-Flash: 18.6 to 31.3 billion active (arXiv 2509.01322)', () => {
  const { activeRange } = countDescription(of('longcat-flash'))
  expect((activeRange?.least.no_input_embedding ?? 0) / 1e9).toBeCloseTo(18.7, 1)
  expect((activeRange?.most.no_input_embedding ?? 0) / 1e9).toBeCloseTo(31.4, 1)
})

function expectSums({ parameters, active, children }: ParameterNode): void {
  if (children.length === 0) return
  expect(children.reduce((sum, each) => sum + each.parameters, 0)).toBe(parameters)
  expect(children.reduce((sum, each) => sum + each.active, 0)).toBe(active)
  children.forEach(expectSums)
}
