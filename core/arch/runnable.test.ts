import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Architecture } from './architecture'
import { topKRouterSpec } from './architecture'
import { arbitraryArchitecture } from './architecture.arbitrary'
import { describe as describeArchitecture } from './describe/architecture'
import { ConfigError } from './describe/config-error'
import { readDescription } from './describe/read'
import { llama3, mixtral8x7b, qwen15Moe } from './published.fixture'
import { readConfig, runnable } from './runnable'

test('any JSON gives an architecture or a ConfigError', () => {
  const keys = [...new Set([mixtral8x7b, qwen15Moe, llama3].flatMap((config) => Object.keys(config)))]
  const value = fc.oneof(fc.jsonValue(), fc.integer({ min: -2, max: 100 }), fc.boolean())
  const overrides = fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 4 })
  fc.assert(
    fc.property(fc.constantFrom(mixtral8x7b, qwen15Moe, llama3), overrides, fc.jsonValue(), (config, changed, json) => {
      readOrConfigError({ ...config, ...changed })
      readOrConfigError(json)
    }),
    { numRuns: 300 }
  )
})

test('Mixtral-8x7B', () => {
  const { layers, ...rest } = readConfig(mixtral8x7b)
  expect(rest).toEqual({
    modelType: 'mixtral',
    vocabularySize: 32000,
    width: 4096,
    context: 32768,
    tiedEmbeddings: false,
    normEpsilon: 1e-5,
    ropeTheta: 1e6
  })
  expect(layers).toHaveLength(32)
  expect(layers[31]).toEqual({
    attention: { heads: 32, keyValueHeads: 8, headSize: 128, projectionBias: false },
    feedForward: { kind: 'moe', experts: 8, topK: 2, expertWidth: 14336, router: topKRouterSpec(true), sharedWidth: 0 }
  })
})

test('Qwen1.5-MoE-A2.7B', () => {
  const { layers } = readConfig(qwen15Moe)
  expect(layers).toHaveLength(24)
  expect(layers[0]).toEqual({
    attention: { heads: 16, keyValueHeads: 16, headSize: 128, projectionBias: true },
    feedForward: {
      kind: 'moe',
      experts: 60,
      topK: 4,
      expertWidth: 1408,
      router: topKRouterSpec(false),
      sharedWidth: 5632
    }
  })
})

describe('missing keys take the defaults of transformers', () => {
  test('llama: LLaMA 7B', () => {
    const { layers, ...rest } = readConfig({ model_type: 'llama', hidden_size: 4096 })
    expect(rest).toMatchObject({ vocabularySize: 32000, width: 4096, context: 2048, normEpsilon: 1e-6, ropeTheta: 1e4 })
    expect(layers).toHaveLength(32)
    expect(layers[0]).toEqual({
      attention: { heads: 32, keyValueHeads: 32, headSize: 128, projectionBias: false },
      feedForward: { kind: 'dense', width: 11008 }
    })
  })

  test('mixtral: Mixtral-8x7B with a longer context', () => {
    expect(readConfig({ model_type: 'mixtral', hidden_size: 4096 })).toEqual({
      ...readConfig(mixtral8x7b),
      context: 131072
    })
  })

  test('qwen2_moe: Qwen1.5-MoE-A2.7B with another context and base', () => {
    const expected: Architecture = { ...readConfig(qwen15Moe), context: 32768, ropeTheta: 10_000 }
    expect(readConfig({ model_type: 'qwen2_moe', hidden_size: 2048 })).toEqual(expected)
  })
})

test('a head size of its own wins over hidden_size / num_attention_heads; null does not', () => {
  expect(readConfig({ ...llama3, head_dim: 64 }).layers[0]?.attention.headSize).toBe(64)
  expect(readConfig({ ...llama3, head_dim: null }).layers[0]?.attention.headSize).toBe(128)
})

test('num_key_value_heads null means as many as heads', () => {
  expect(readConfig({ ...mixtral8x7b, num_key_value_heads: null }).layers[0]?.attention.keyValueHeads).toBe(32)
})

test('qwen2_moe: decoder_sparse_step and mlp_only_layers make layers dense', () => {
  const kinds = (keys: object) =>
    readConfig({ ...qwen15Moe, num_hidden_layers: 6, ...keys }).layers.map(({ feedForward }) => feedForward.kind)
  expect(kinds({ decoder_sparse_step: 2 })).toEqual(['dense', 'moe', 'dense', 'moe', 'dense', 'moe'])
  expect(kinds({ mlp_only_layers: [0, 5] })).toEqual(['dense', 'moe', 'moe', 'moe', 'moe', 'dense'])
  expect(kinds({ decoder_sparse_step: 3, mlp_only_layers: [2] })).toEqual([...Array(5).fill('dense'), 'moe'])
  expect(kinds({ num_experts: 0 })).toEqual(Array(6).fill('dense'))
})

test('the rotary base of transformers 5 is read', () => {
  const { rope_theta, ...rest } = llama3
  const rope_parameters = { rope_type: 'default', rope_theta }
  expect(readConfig({ ...rest, rope_parameters })).toEqual(readConfig(llama3))
  expect(() => readConfig({ ...rest, rope_parameters: { ...rope_parameters, rope_type: 'yarn' } })).toThrow(
    /rope_parameters\.rope_type: .*found "yarn"/
  )
})

test('a sliding window that never closes is no window', () => {
  expect(readConfig({ ...mixtral8x7b, sliding_window: 32768 })).toEqual(readConfig(mixtral8x7b))
  expect(readConfig({ ...qwen15Moe, sliding_window: 16 })).toEqual(readConfig(qwen15Moe))
  // As saved by transformers 5 without a window.
  expect(readConfig({ ...qwen15Moe, sliding_window: 0 })).toEqual(readConfig(qwen15Moe))
})

test('windows and biases of attention are read, of the layers that have them', () => {
  expect(readConfig({ ...mixtral8x7b, sliding_window: 4096 }).layers[0]?.attention.window).toBe(4096)
  const windowed = readConfig({ ...qwen15Moe, use_sliding_window: true, sliding_window: 64, max_window_layers: 21 })
  expect(windowed.layers.map(({ attention }) => attention.window)).toEqual([
    ...Array(21).fill(undefined),
    ...Array(3).fill(64)
  ])
  expect(readConfig({ ...llama3, attention_bias: true }).layers[0]?.attention).toMatchObject({
    projectionBias: true,
    outputBias: true
  })
})

describe('errors name the key, what was expected and what was found', () => {
  test.each([
    [{ num_attention_heads: 30 }, llama3, /num_key_value_heads: expected a divisor of 30 heads, found 8/],
    [{ num_attention_heads: 24 }, llama3, /num_attention_heads: expected a divisor of hidden_size 4096, found 24/],
    [{ head_dim: 63 }, llama3, /head_dim: expected an even head size.* found 63/],
    [{ hidden_size: 32 * 3 }, llama3, /hidden_size \/ num_attention_heads: expected an even head size.* found 3/],
    [{ hidden_size: -1 }, llama3, /hidden_size: expected a positive integer, found -1/],
    [{ vocab_size: 0 }, llama3, /vocab_size: expected a positive integer, found 0/],
    [{ intermediate_size: 10.5 }, llama3, /intermediate_size: expected a positive integer, found 10.5/],
    [{ num_hidden_layers: 'many' }, llama3, /num_hidden_layers: expected a positive integer, found "many"/],
    [{ num_hidden_layers: 1e9 }, llama3, /num_hidden_layers: expected at most 10000, found 1000000000/],
    [{ rms_norm_eps: 0 }, llama3, /rms_norm_eps: expected a positive number, found 0/],
    [{ hidden_act: 'gelu' }, llama3, /hidden_act: expected 'silu'.*found "gelu"/],
    [{ mlp_bias: true }, llama3, /mlp_bias: expected false .*not supported.*found true/],
    [
      { rope_scaling: { rope_type: 'llama3', factor: 8 } },
      llama3,
      /rope_scaling: .*with all of their numbers.*"llama3"/
    ],
    [{ rope_scaling: { type: 'dynamic', factor: 2 } }, llama3, /rope_scaling: .*linear, llama3 and yarn.*"dynamic"/],
    [{ num_experts_per_tok: 9 }, mixtral8x7b, /num_experts_per_tok: expected at most .*8, found 9/],
    [{ num_experts: 3 }, qwen15Moe, /num_experts_per_tok: expected at most .*3, found 4/],
    [{ model_type: 'olmoe', hidden_size: 64, clip_qkv: 8 }, {}, /clip_qkv: expected null.*found 8/],
    [{ shared_expert_intermediate_size: -1 }, qwen15Moe, /shared_expert_intermediate_size: .*0 or more, found -1/],
    [{ mlp_only_layers: 3 }, qwen15Moe, /mlp_only_layers: expected a list of layer indices, found 3/]
  ])('%j', (changed, config, message) => {
    expect(() => readConfig({ ...config, ...changed })).toThrow(ConfigError)
    expect(() => readConfig({ ...config, ...changed })).toThrow(message)
  })

  test('an unknown kind', () => {
    const message =
      'config.json: model_type: expected one of llama, granite, mistral, qwen2, qwen3, mixtral, olmoe, granitemoe, ' +
      'qwen2_moe, qwen3_moe, glm4_moe, deepseek_v2, deepseek_v3, gpt_oss (the kinds that can be run), found'
    expect(() => readConfig({ model_type: 'gemma3' })).toThrow(`${message} "gemma3"`)
    expect(() => readConfig({})).toThrow(`${message} nothing`)
    expect(() => readConfig([])).toThrow('config.json: expected an object, found []')
  })
})

describe('what the engine does not run is told as data, once for all layers', () => {
  const differences = (json: object) => {
    const found = runnable(readDescription(json))
    return 'differences' in found ? found.differences.map(({ key, found: value }) => [key, value]) : []
  }

  test.each<[string, object, [string, unknown][]]>([
    ['nothing', llama3, []],
    [
      'everything at once',
      { ...llama3, mlp_bias: true, hidden_act: 'gelu' },
      [
        ['hidden_act', 'gelu'],
        ['mlp_bias', true]
      ]
    ],
    ['no context', { ...llama3, max_position_embeddings: null }, [['max_position_embeddings', null]]],
    ['another kind', { model_type: 'kimi_k2', hidden_size: 7168 }, [['model_type', 'kimi_k2']]],
    [
      'values wider than keys',
      { model_type: 'deepseek_v3', hidden_size: 7168, v_head_dim: 256 },
      [['v_head_dim', 256]]
    ],
    ['a part of a model', { model_type: 'llava', text_config: llama3 }, [['text_config', 'a language model']]]
  ])('%s', (_, json, expected) => {
    expect(differences(json)).toEqual(expected)
  })

  test('what no key says is told by its place in the description', () => {
    const description = readDescription(mixtral8x7b)
    const found = runnable({ ...description, outputBias: true })
    expect(found).toEqual({ differences: [{ key: 'outputBias', expected: 'expected false', found: true }] })
  })
})

test('every architecture is what is run of its own description', () => {
  fc.assert(
    fc.property(arbitraryArchitecture, (architecture) => {
      expect(runnable(describeArchitecture(architecture))).toEqual({ architecture })
    })
  )
})

function readOrConfigError(json: unknown): void {
  try {
    readConfig(json)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
  }
}
