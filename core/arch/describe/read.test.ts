import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countDescription } from '../count/parameters'
import { configOf, gallery } from '../gallery.fixture'
import { ConfigError } from './config-error'
import { knownModelTypes, readDescription } from './read'

const count = (config: object) => countDescription(readDescription(config))
const changed = (id: string, keys: object) => ({ ...configOf(id), ...keys })
const difference = (id: string, keys: object) => count(changed(id, keys)).total - count(configOf(id)).total
const sparseLayers = (config: object) =>
  readDescription(config).stacks.map(({ blocks }) =>
    blocks.flatMap(({ feedForwards }, layer) => (feedForwards.some(({ kind }) => kind === 'moe') ? [layer] : []))
  )
const windows = (config: object) =>
  readDescription(config).stacks.flatMap(({ blocks }) =>
    blocks.map(({ mixers }) => mixers.map((mixer) => (mixer.kind === 'attention' ? mixer.window : undefined))[0])
  )

describe('a random edit gives a description or an error that names a key', () => {
  const keys = [...new Set(gallery.flatMap(({ config }) => Object.keys(config)))]
  const number = fc.oneof(
    fc.integer({ min: -3, max: 300 }),
    fc.constantFrom(Number.NaN, Infinity, -Infinity, 0.5, -0, 1e9, 1e15, 1e300, 2 ** 31 - 1, 10_000)
  )
  const value = fc.oneof(
    number,
    fc.jsonValue(),
    fc.array(number, { maxLength: 5 }),
    fc.boolean(),
    fc.constant(undefined)
  )
  const edit = fc.record({
    removed: fc.subarray(keys, { maxLength: 3 }),
    replaced: fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 3 })
  })

  test.each([false, true])('best effort: %s', (bestEffort) => {
    fc.assert(
      fc.property(fc.constantFrom(...gallery), edit, fc.boolean(), ({ config }, { removed, replaced }, nested) => {
        const edited = Object.fromEntries(
          Object.entries({ ...config, ...replaced }).filter(([key]) => !removed.includes(key))
        )
        const unknown = bestEffort ? { ...edited, model_type: 'unheard_of' } : edited
        readsOrNames(nested ? { text_config: unknown, tie_word_embeddings: false } : unknown, bestEffort)
      }),
      { numRuns: 600 }
    )
  })

  test('anything at all', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.boolean(), readsOrNames))
  })

  function readsOrNames(json: unknown, bestEffort: boolean): void {
    try {
      const { total, active } = countDescription(readDescription(json, { bestEffort }))
      expect(Number.isSafeInteger(total) && total > 0).toBe(true)
      expect(active.all).toBeLessThanOrEqual(total)
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError)
      expect(String(error)).toMatch(isObject(json) ? /^ConfigError: config\.json: \w[\w.]*: / : /expected an object/)
    }
  }
})

describe('unknown kinds', () => {
  test('the error names the kind and the nearest that are known', () => {
    expect(() => readDescription({ model_type: 'qwen3_mo' })).toThrow(
      /model_type: "qwen3_mo" is not known \(the nearest are qwen3_moe, /
    )
    expect(() => readDescription({ model_type: 'deepseek-v9' })).toThrow(/deepseek_v3/)
    expect(() => readDescription({})).toThrow(/model_type: expected a word .* found nothing/)
    expect(() => readDescription([])).toThrow('config.json: expected an object, found []')
  })

  test('a best-effort reading of a known shape by other key names gives its figures, and says what it assumed', () => {
    const keys = { d_model: 4096, n_layers: 32, n_heads: 32, n_kv_heads: 8, ffn_hidden_size: 14336, vocab_size: 32000 }
    const json = { model_type: 'unheard_of', ...keys, moe_num_experts: 8, moe_top_k: 2 }
    const mixtral = readDescription(json, { bestEffort: true })
    expect(countDescription(mixtral).total).toBe(46_702_792_704)
    expect(mixtral.bestEffort.join('; ')).toMatch(/'unheard_of' is not known.*output projection is not tied/)
    expect(readDescription(configOf('mixtral-8x7b')).bestEffort).toEqual([])
  })

  test('latent attention is recognised by its keys', () => {
    // With the router's balancing bias, which topk_method names.
    const { total } = countDescription(
      readDescription(changed('deepseek-v3', { model_type: 'unheard_of' }), { bestEffort: true })
    )
    expect(total).toBe(671_026_419_200)
  })

  test('what a best-effort reading needs is named', () => {
    const read = (keys: object) => () => readDescription({ model_type: 'unheard_of', ...keys }, { bestEffort: true })
    expect(read({})).toThrow(/hidden_size: expected a positive integer, found nothing/)
    expect(read({ hidden_size: 8, num_layers: 2, vocab_size: 9, num_attention_heads: 'x' })).toThrow(
      /num_attention_heads: .*found "x"/
    )
  })

  test('there are readers of at least 60 kinds', () => {
    expect(knownModelTypes.length).toBeGreaterThan(60)
  })
})

describe('models of several modalities', () => {
  const text = configOf('qwen3.5-35b-a3b')

  test('the language model is nested, and the rest is named', () => {
    const json = { model_type: 'qwen3_5_moe', text_config: text, vision_config: { depth: 27 } }
    const description = readDescription(json)
    expect(countDescription(description).total).toBe(34_660_610_688)
    expect(description.leftOut).toEqual(['vision_config'])
  })

  test('a model that also speaks nests it twice', () => {
    const thinker = {
      text_config: { model_type: 'qwen3_omni_moe_text', hidden_size: 2048 },
      audio_config: {},
      vision_config: {}
    }
    const omni = { model_type: 'qwen3_omni_moe', thinker_config: thinker, talker_config: {}, code2wav_config: {} }
    const description = readDescription(omni)
    expect(countDescription(description).total).toBe(count({ model_type: 'qwen3_moe', hidden_size: 2048 }).total)
    expect(description.leftOut).toEqual(['talker_config', 'code2wav_config', 'audio_config', 'vision_config'])
  })

  // The kinds inside published wrappers: Mistral Small 3.1, Ministral 3, GLM-4.5V, Kimi K2.5, Qwen3-VL.
  test.each([
    ['mistral3', 'mistral'],
    ['mistral3', 'ministral3'],
    ['glm4v_moe', 'glm4v_moe_text'],
    ['kimi_k25', 'kimi_k2'],
    ['qwen3_vl_moe', 'qwen3_vl_moe_text'],
    ['qwen3_vl', 'qwen3_vl_text'],
    ['llama4', 'llama4_text']
  ])('%s: %s', (model_type, inner) => {
    const keys = { model_type: inner, hidden_size: 4096, head_dim: 128 }
    expect(count({ model_type, text_config: keys, vision_config: {} })).toEqual(count(keys))
  })

  test('the flag of tied embeddings may be outside; where both contradict, the class with the projection wins', () => {
    const tied = 248_320 * 2048
    const outside = { text_config: text, tie_word_embeddings: true }
    expect(count(outside).total).toBe(34_660_610_688 - tied)
    const inside = (tie_word_embeddings: boolean) => ({ text_config: { ...text, tie_word_embeddings } })
    const both = (model_type: string, outer: boolean) =>
      readDescription({ ...inside(!outer), model_type, tie_word_embeddings: outer })
    // As transformers 5 saves Qwen3-VL, whose class has the projection; its text class says true by default.
    expect(both('qwen3_vl_moe', false).tiedEmbeddings).toBe(false)
    expect(both('qwen3_vl_moe', true).tiedEmbeddings).toBe(true)
    // Classes that lift the flag of files from before (huggingface/transformers, pull request 45857).
    expect(both('qwen2_5_vl', false).tiedEmbeddings).toBe(true)
    expect(both('qwen3_vl_moe', false).notes.join()).toMatch(
      /tie_word_embeddings is false outside and true in text_config/
    )
    // A whole language model inside follows its own.
    const whole = { llm_config: { ...text, tie_word_embeddings: false }, tie_word_embeddings: true }
    expect(readDescription(whole).tiedEmbeddings).toBe(false)
  })

  test('the kind may be outside only', () => {
    const rest = Object.fromEntries(Object.entries(text).filter(([key]) => key !== 'model_type'))
    expect(count({ model_type: 'qwen3_5_moe', text_config: rest }).total).toBe(34_660_610_688)
  })
})

test('the format of the published weights', () => {
  const format = (keys: object) => readDescription({ model_type: 'llama', hidden_size: 4096, ...keys }).shippedFormat
  expect(format({})).toBe('bf16')
  expect(format({ torch_dtype: 'float32' })).toBe('fp32')
  expect(format({ quantization_config: { quant_method: 'awq', bits: 4 } })).toBe('int4')
  expect(readDescription(configOf('gpt-oss-20b')).shippedFormat).toBe('mxfp4')
  expect(readDescription(configOf('deepseek-v3')).shippedFormat).toBe('fp8')
  const nested = { text_config: configOf('qwen3.5-35b-a3b'), quantization_config: { quant_method: 'fp8' } }
  expect(readDescription(nested).shippedFormat).toBe('fp8')
})

describe('schedules of layers', () => {
  test('first_k_dense_replace, and moe_layer_freq as a number or a list', () => {
    const small = { num_hidden_layers: 6, num_nextn_predict_layers: 0 }
    expect(sparseLayers(changed('deepseek-v3', small))).toEqual([[3, 4, 5]])
    expect(sparseLayers(changed('deepseek-v3', { ...small, moe_layer_freq: 2 }))).toEqual([[4]])
    expect(sparseLayers(changed('deepseek-v3', { ...small, moe_layer_freq: [1, 0, 1, 0, 0, 1] }))).toEqual([[0, 2, 5]])
    expect(sparseLayers(changed('deepseek-v3', { ...small, n_routed_experts: null }))).toEqual([[]])
  })

  test('decoder_sparse_step and mlp_only_layers', () => {
    const small = { num_hidden_layers: 6 }
    expect(sparseLayers(changed('qwen3-30b-a3b', { ...small, decoder_sparse_step: 2 }))).toEqual([[1, 3, 5]])
    expect(sparseLayers(changed('qwen3-30b-a3b', { ...small, mlp_only_layers: [0, 4] }))).toEqual([[1, 2, 3, 5]])
    expect(sparseLayers(changed('qwen3-30b-a3b', { ...small, num_experts: 0 }))).toEqual([[]])
  })

  test('Llama 4: a step, or a list of layers', () => {
    const small = { num_hidden_layers: 6 }
    expect(sparseLayers(changed('llama-4-maverick', small))).toEqual([[1, 3, 5]])
    expect(sparseLayers(changed('llama-4-maverick', { ...small, moe_layers: [0, 2] }))).toEqual([[0, 2]])
    expect(windows(changed('llama-4-maverick', small))).toEqual([8192, 8192, 8192, null, 8192, 8192])
  })

  test('encoder-decoders: every second or fourth layer, all, none', () => {
    const two = { num_layers: 4, num_decoder_layers: 4 }
    expect(sparseLayers(changed('switch-base-8', two))).toEqual([
      [1, 3],
      [1, 3]
    ])
    expect(sparseLayers(changed('switch-base-8', { ...two, encoder_sparse_step: 1, decoder_sparse_step: 0 }))).toEqual([
      [0, 1, 2, 3],
      []
    ])
    const byNumber = { encoder_sparse_step: null, decoder_sparse_step: null, num_sparse_encoder_layers: 2 }
    expect(sparseLayers(changed('switch-base-8', { ...two, ...byNumber, num_sparse_decoder_layers: 0 }))).toEqual([
      [1, 3],
      []
    ])
    expect(
      sparseLayers(changed('nllb-moe-54b', { encoder_layers: 8, decoder_layers: 8, decoder_sparse_step: 0 }))
    ).toEqual([[3, 7], []])
  })

  test('ERNIE: from a layer to a layer, at intervals', () => {
    const keys = { num_hidden_layers: 8, moe_layer_start_index: 2, moe_layer_end_index: 6, moe_layer_interval: 2 }
    expect(sparseLayers(changed('ernie-4.5-21b-a3b', keys))).toEqual([[3, 5]])
    expect(sparseLayers(changed('ernie-4.5-21b-a3b', { ...keys, moe_layer_end_index: -1 }))).toEqual([[3, 5, 7]])
  })

  test('windows by list, by pattern, and by the default of a class', () => {
    const small = { num_hidden_layers: 4, layer_types: null }
    expect(windows(changed('gpt-oss-20b', small))).toEqual([128, null, 128, null])
    const types = ['full_attention', 'sliding_attention', 'full_attention', 'full_attention']
    expect(windows(changed('gpt-oss-20b', { ...small, layer_types: types }))).toEqual([null, 128, null, null])
    expect(windows({ model_type: 'mistral', hidden_size: 4096, num_hidden_layers: 1 })).toEqual([4096])
    expect(windows({ model_type: 'mistral', hidden_size: 4096, num_hidden_layers: 1, sliding_window: null })).toEqual([
      null
    ])
    const qwen = {
      model_type: 'qwen2',
      hidden_size: 4096,
      num_hidden_layers: 3,
      sliding_window: 64,
      max_window_layers: 2
    }
    expect(windows(qwen)).toEqual([null, null, null])
    expect(windows({ ...qwen, use_sliding_window: true })).toEqual([null, null, 64])
    expect(windows({ model_type: 'gemma3_text', hidden_size: 2304, num_hidden_layers: 6 })).toEqual([
      4096,
      4096,
      4096,
      4096,
      4096,
      null
    ])
  })

  test("Nemotron's pattern and list say the same in their words, and win over num_hidden_layers", () => {
    const { hybrid_override_pattern, ...rest } = configOf('nemotron-3-nano')
    const words: Record<string, string> = { M: 'mamba', '*': 'attention', E: 'moe', '-': 'mlp' }
    const layers_block_type = [...String(hybrid_override_pattern)].map((letter) => words[letter])
    expect(count({ ...rest, layers_block_type }).total).toBe(31_577_940_288)
    const remapped = layers_block_type.map((word) => word?.replace('mamba', 'linear_attention'))
    expect(count({ ...rest, layers_block_type: remapped, num_hidden_layers: 7 }).total).toBe(31_577_940_288)
  })
})

describe('options', () => {
  test('biases: on four projections, on three, on feed-forwards', () => {
    // Llama 3.1 8B: queries and output 4096, keys and values 1024; feed-forward 2 x 14336 + 4096.
    expect(difference('llama-3.1-8b', { attention_bias: true })).toBe(32 * (2 * 4096 + 2 * 1024))
    expect(difference('llama-3.1-8b', { mlp_bias: true })).toBe(32 * (2 * 14336 + 4096))
    // GLM-4.5 leaves the output projection out: 96 heads and 2 x 8 of 128.
    expect(difference('glm-4.5', { attention_bias: false })).toBe(-92 * (96 + 16) * 128)
    expect(difference('qwen1.5-moe', { qkv_bias: false })).toBe(-24 * 3 * 2048)
    // Latents of queries 1536, of keys and values 512 + 64, and the output.
    expect(difference('deepseek-v3', { attention_bias: true })).toBe(61 * (1536 + 576 + 7168))
  })

  test('norms of heads', () => {
    expect(difference('glm-4.5', { use_qk_norm: false })).toBe(-92 * 2 * 128)
    expect(difference('minimax-m2', { use_qk_norm: false })).toBe(-62 * (48 + 8) * 128)
  })

  test('an explicit head size wins; null does not', () => {
    expect(difference('llama-3.1-8b', { head_dim: 64 })).toBe(-32 * 4096 * (2 * 4096 + 2 * 1024) * 0.5)
    expect(difference('llama-3.1-8b', { head_dim: null })).toBe(0)
    // The rotary part only, in GLM-5, and without meaning beside latent attention.
    expect(difference('glm-5', { head_dim: 512, num_key_value_heads: 2 })).toBe(0)
  })

  test('tied embeddings: the default of each class, and the flag', () => {
    const tied = (model_type: string) =>
      readDescription({ model_type, hidden_size: 768, num_attention_heads: 12, num_key_value_heads: 12, n_head: 12 })
        .tiedEmbeddings
    expect(['gpt2', 'bert', 't5', 'gemma', 'smollm3', 'jetmoe', 'ernie4_5_moe', 'falcon'].map(tied)).toEqual(
      Array(8).fill(true)
    )
    expect(['llama', 'mixtral', 'qwen3_moe', 'gpt_oss', 'deepseek_v3', 'jamba', 'olmoe', 'mt5'].map(tied)).toEqual(
      Array(8).fill(false)
    )
    expect(difference('llama-3.1-8b', { tie_word_embeddings: true })).toBe(-128_256 * 4096)
  })

  test('the width that Qwen1.5-MoE names for dense layers is not used', () => {
    expect(difference('qwen1.5-moe', { intermediate_size: 99 })).toBe(0)
  })

  test('steps of multi-token prediction are counted apart', () => {
    const { total, multiTokenPrediction } = count(configOf('deepseek-v3'))
    const two = count(changed('deepseek-v3', { num_nextn_predict_layers: 2 }))
    expect(two.total).toBe(total)
    expect(two.multiTokenPrediction).toBe(2 * multiTokenPrediction)
  })

  test('blocks for multi-token prediction that differ from the layers', () => {
    const of = (id: string, steps: number) => count(changed(id, { num_nextn_predict_layers: steps }))
    // ERNIE: attention of 20 and 4 heads of 128, a dense feed-forward; a projection, two norms and two of the block.
    const ernie = 2560 * 128 * (2 * 20 + 2 * 4) + 3 * 2560 * 12288 + 2 * 2560 ** 2 + 4 * 2560
    expect(of('ernie-4.5-21b-a3b', 1).multiTokenPrediction).toBe(ernie)
    // MiMo-V2-Flash: windowed attention of 64 and 8 heads of 192 and 128 with sinks, dense; five norms.
    const mimo = 4096 * (64 + 8) * (192 + 128) + 64 + 3 * 4096 * 16384 + 2 * 4096 ** 2 + 5 * 4096
    expect(of('mimo-v2-flash', 3).multiTokenPrediction).toBe(3 * mimo)
    // LongCat-Flash: one attention with latents of 1536 and 512 + 64, dense; five norms.
    const queries = 6144 * 1536 + 1536 + 1536 * 64 * 192
    const keysAndValues = 6144 * 576 + 512 + 512 * 64 * 256
    const longcat = queries + keysAndValues + 64 * 128 * 6144 + 3 * 6144 * 12288 + 2 * 6144 ** 2 + 5 * 6144
    expect(of('longcat-flash', 1).multiTokenPrediction).toBe(longcat)
    for (const id of ['ernie-4.5-21b-a3b', 'mimo-v2-flash', 'longcat-flash']) {
      expect(of(id, 1).total).toBe(count(configOf(id)).total)
    }
  })

  test('modules that a file names and no checkpoint has are told in words', () => {
    expect(readDescription(configOf('minimax-m2')).leftOut).toEqual([
      'num_mtp_modules (3 in the file, none in the published checkpoints)'
    ])
  })

  test('a gate and an output projection have the biases of the others', () => {
    // Queries, gate and output 16 x 256, 16 x 256 and 2048; keys and values 2 x 256; in 12 layers.
    expect(difference('qwen3-next-80b-a3b', { attention_bias: true })).toBe(12 * (2 * 4096 + 2 * 512 + 2048))
    const ernie = difference('ernie-4.5-21b-a3b', { use_bias: true })
    expect(ernie - difference('ernie-4.5-21b-a3b', { use_bias: true, vocab_size: 103_425 })).toBe(-2560 - 1)
  })

  test("layers of GLM-5 can take an earlier layer's choice of tokens", () => {
    const { components } = count(configOf('glm-5'))
    const shared = count(changed('glm-5', { index_topk_freq: 2 })).components.indexer
    expect(components.indexer).toBe(78 * (2048 * 32 * 128 + 6144 * 128 + 2 * 128 + 6144 * 32))
    // Layers 0 and 1, then every second.
    expect(shared).toBe((components.indexer / 78) * 40)
  })

  test('the balancing bias of DeepSeek routers belongs to one method', () => {
    expect(difference('deepseek-v3', { topk_method: 'greedy' })).toBe(-58 * 256)
    expect(difference('deepseek-v2', { topk_method: 'noaux_tc' })).toBe(59 * 160)
  })
})

describe('other spellings of a key', () => {
  const respelled = (id: string, names: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(configOf(id)).map(([key, value]) => [names[key] ?? key, value]))

  // attribute_map of the classes of transformers.
  test.each([
    ['qwen3-30b-a3b', { num_experts: 'num_local_experts' }],
    ['deepseek-v3', { n_routed_experts: 'num_local_experts', num_nextn_predict_layers: 'num_mtp_layers' }],
    ['mixtral-8x7b', { num_local_experts: 'num_experts' }],
    ['gpt-oss-20b', { num_local_experts: 'num_experts' }],
    ['ernie-4.5-21b-a3b', { moe_num_experts: 'num_experts', moe_k: 'num_experts_per_tok' }],
    ['hunyuan-large', { moe_topk: 'num_experts_per_tok' }],
    ['longcat-flash', { ffn_hidden_size: 'intermediate_size', expert_ffn_hidden_size: 'moe_intermediate_size' }],
    ['gpt2', { n_embd: 'hidden_size', n_layer: 'num_hidden_layers', n_head: 'num_attention_heads' }],
    ['switch-base-8', { d_model: 'hidden_size', num_heads: 'num_attention_heads', d_kv: 'head_dim' }],
    ['dbrx', { d_model: 'hidden_size', n_heads: 'num_attention_heads', n_layers: 'num_hidden_layers' }]
  ])('%s %j', (id, names) => {
    const json = respelled(id, names)
    expect(Object.keys(json)).not.toEqual(Object.keys(configOf(id)))
    expect(count(json)).toEqual(count(configOf(id)))
  })

  test('the usual one wins, and a wrong one is named as the file spells it', () => {
    expect(difference('qwen3-30b-a3b', { num_local_experts: 4 })).toBe(0)
    const json = { ...respelled('qwen3-30b-a3b', { num_experts: 'num_local_experts' }), num_local_experts: 'many' }
    expect(() => readDescription(json)).toThrow(/config\.json: num_local_experts: .*found "many"/)
  })

  test('a key that a family reads as another thing is no spelling of its own', () => {
    // num_hidden_layers of LongCat counts each of a layer's two attentions.
    expect(difference('longcat-flash', { num_layers: undefined, num_hidden_layers: 56 })).toBe(0)
  })
})

describe('errors name the key, what was expected and what was found', () => {
  test.each([
    ['deepseek-v3', { n_routed_experts: 4 }, /num_experts_per_tok: expected at most .* 4, found 8/],
    [
      'longcat-flash',
      { qk_head_dim: 96 },
      /qk_head_dim: expected qk_nope_head_dim \+ qk_rope_head_dim, 128 \+ 64, found 96/
    ],
    ['deepseek-v3', { moe_layer_freq: [0, 1] }, /moe_layer_freq: expected 61 entries.* found 2/],
    ['deepseek-v3', { hidden_size: -7168 }, /hidden_size: expected a positive integer, found -7168/],
    ['deepseek-v3', { hidden_size: 7168.5 }, /hidden_size: expected a positive integer, found 7168.5/],
    ['deepseek-v3', { kv_lora_rank: 'many' }, /kv_lora_rank: expected a positive integer, found "many"/],
    ['deepseek-v3', { num_hidden_layers: 1e6 }, /num_hidden_layers: expected at most 10000, found 1000000/],
    ['deepseek-v3', { num_nextn_predict_layers: 2 ** 31 - 1 }, /num_nextn_predict_layers: expected at most 100/],
    ['deepseek-v2', { moe_intermediate_size: undefined }, /moe_intermediate_size: .* found nothing/],
    [
      'llama-3.1-8b',
      { num_attention_heads: 24 },
      /num_attention_heads: expected a divisor of hidden_size 4096, found 24/
    ],
    ['llama-3.1-8b', { num_key_value_heads: 5 }, /num_key_value_heads: expected a divisor of 32 heads, found 5/],
    ['llama-3.1-8b', { vocab_size: 2 ** 31 }, /vocab_size: expected at most 2147483647/],
    ['gpt2', { n_embd: 770 }, /n_head: expected a divisor of n_embd 770, found 12/],
    ['dbrx', { ffn_config: { moe_top_k: 'x' } }, /ffn_config\.moe_top_k: .*found "x"/],
    ['qwen3.5-35b-a3b', { layer_types: ['full_attention', 'sideways'] }, /layer_types\.1: .*found "sideways"/],
    ['nemotron-3-nano', { hybrid_override_pattern: 'MEX' }, /hybrid_override_pattern: .*found "X"/],
    ['nemotron-3-nano', { hybrid_override_pattern: '' }, /hybrid_override_pattern: .*found/],
    ['jamba-v0.1', { mamba_dt_rank: 'some' }, /mamba_dt_rank: expected a positive integer or 'auto', found "some"/],
    [
      'mixtral-8x7b',
      { hidden_size: 2 ** 31 - 32, intermediate_size: 2 ** 31 - 1 },
      /hidden_size: expected sizes that make at most 2\^53 weights/
    ]
  ])('%s %j', (id, keys, message) => {
    expect(() => readDescription(changed(id, keys))).toThrow(ConfigError)
    expect(() => readDescription(changed(id, keys))).toThrow(message)
  })
})

test('a list that is wrong throughout is told in a few words', () => {
  const types = Array.from({ length: 500 }, () => 'sideways')
  expect(() => readDescription(changed('qwen3.5-35b-a3b', { layer_types: types }))).toThrow(
    /layer_types\.4: .*; and 495 more$/
  )
})

function isObject(json: unknown): boolean {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
