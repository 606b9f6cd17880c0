/** Properties of every kind that can be read, whatever stands in its file. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cacheBytes } from './count/cache'
import { modelFlopsPerToken } from './count/flops'
import { countDescription } from './count/parameters'
import { knownModelTypes, readDescription } from './describe/read'

const words = (text: string) => text.split(' ')
const each = (size: number, keys: string) => Object.fromEntries(words(keys).map((key) => [key, size]))

/** Keys with which every kind is a small model; each ignores those of the others. */
const small: Readonly<Record<string, unknown>> = {
  ...each(96, 'vocab_size max_position_embeddings'),
  ...each(64, 'hidden_size d_model n_embd'),
  ...each(8, 'num_hidden_layers num_layers n_layer n_layers encoder_layers decoder_layers'),
  ...each(4, 'num_attention_heads num_heads n_head n_heads encoder_attention_heads decoder_attention_heads'),
  ...each(16, 'head_dim kv_size d_kv kv_channels v_head_dim mamba_head_dim'),
  ...each(48, 'intermediate_size ffn_hidden_size d_ff encoder_ffn_dim decoder_ffn_dim'),
  ...each(24, 'moe_intermediate_size expert_ffn_hidden_size shared_expert_intermediate_size shared_intermediate_size'),
  ...each(8, 'num_experts num_local_experts n_routed_experts moe_num_experts mamba_num_heads mamba_n_heads'),
  ...each(2, 'num_experts_per_tok moe_k moe_topk moe_top_k num_key_value_heads n_groups'),
  ...each(12, 'q_lora_rank kv_lora_rank qk_nope_head_dim qk_rope_head_dim'),
  ...each(1, 'n_shared_experts num_nextn_predict_layers'),
  hybrid_override_pattern: 'ME*-ME*E',
  block_configs: Array.from({ length: 8 }, () => ({ attention: { n_heads_in_group: 2 }, ffn: { ffn_mult: 2 } })),
  attn_config: { kv_n_heads: 2 },
  ffn_config: { ffn_hidden_size: 48, moe_num_experts: 8, moe_top_k: 2 }
}

/** Dense kinds refuse a number of experts. */
const withoutExperts = Object.fromEntries(
  Object.entries(small).filter(([key]) => !/^(num(_local)?_experts|n_routed_experts|moe_num_experts)$/.test(key))
)
const keysOf = (model_type: string) =>
  /a \S+ has no experts/.test(errorOf({ ...small, model_type }) ?? '') ? withoutExperts : small

const switches = words(
  'attention_bias mlp_bias use_bias qkv_bias use_qkv_bias use_qk_norm tie_word_embeddings router_bias use_cla ' +
    'parallel_attn_mlp_res qk_layernorm multi_query lm_head_bias'
)
const lists = words(
  'layer_types layers_block_type mlp_layer_types moe_layer_freq mlp_only_layers attn_type_list hybrid_layer_pattern ' +
    'no_rope_layers moe_layers indexer_types'
)
const keys = [...Object.keys(small), ...switches, ...lists]

const wrong = fc.oneof(
  fc.constantFrom<unknown>(null, '64', 'many', true, false, -1, 0, 0.5, 1e9, 2 ** 31 - 1, 2 ** 53, 1e300, Number.NaN),
  fc.constantFrom<unknown>([], {}, [[]], [null], ['64'], Array(8).fill(1), Array(8).fill('full_attention'), Array(9)),
  fc.integer({ min: 1, max: 100 })
)

test.each(knownModelTypes)('%s is counted', (model_type) => {
  const description = readDescription({ ...keysOf(model_type), model_type })
  const { total, active } = countDescription(description)
  expect(total).toBeGreaterThan(96 * 64)
  expect(active.all).toBeLessThanOrEqual(total)
})

describe('a file that is wrong', () => {
  test('gives figures that are numbers, or an error that names a key', () => {
    const edits = fc.dictionary(fc.constantFrom(...keys), wrong, { minKeys: 1, maxKeys: 4 })
    const removed = fc.subarray(keys, { maxLength: 2 })
    fc.assert(
      fc.property(fc.constantFrom(...knownModelTypes), edits, removed, fc.boolean(), (kind, edit, without, nested) => {
        const entries = Object.entries({ ...keysOf(kind), ...edit }).filter(([key]) => !without.includes(key))
        const json = { ...Object.fromEntries(entries), model_type: kind }
        const error = errorOf(nested ? { model_type: 'wrapper', text_config: json, vision_config: null } : json)
        if (error !== null) expect(error).toMatch(/^ConfigError: config\.json: \w+(\.\w+)*: expected /)
      }),
      { numRuns: 800 }
    )
  })

  test('a wrong value of one key has no effect, or the key is named', () => {
    const values = ['many', -1, 0.5, 2 ** 53, [[]], {}, true]
    const unnamed: string[] = []
    let turn = 0
    for (const model_type of knownModelTypes) {
      const plain = { ...keysOf(model_type), model_type }
      const { total } = countDescription(readDescription(plain))
      for (const [key, right] of Object.entries(small)) {
        const value = values[turn++ % values.length]
        // An object without keys is another right one.
        if (typeof right === 'object' && typeof value === 'object') continue
        const error = errorOf({ ...plain, [key]: value }, total)
        if (error !== null && !error.includes(`config.json: ${key}`)) unnamed.push(`${model_type}, ${key}: ${error}`)
      }
    }
    expect(unnamed).toEqual([])
  })
})

/** The error that reading and counting give, null for none; then the figures are numbers, and `total` if that is said. */
function errorOf(json: object, total?: number): string | null {
  try {
    const description = readDescription(json)
    const counted = countDescription(description)
    expect(Number.isSafeInteger(counted.total)).toBe(true)
    if (total !== undefined) expect(counted.total).toBe(total)
    expect(cacheBytes(description, { context: 100 }).readPerStep).toBeGreaterThanOrEqual(0)
    expect(modelFlopsPerToken(description, 100)).toBeGreaterThan(0)
    return null
  } catch (error) {
    if (error instanceof Error && error.name === 'ConfigError') return String(error)
    throw error
  }
}
