/** Files of unknown kinds, or of known ones with keys that their class has not: the right figure, or what is missing. */
import { describe, expect, test } from 'vitest'
import { countDescription } from '../count/parameters'
import { UnknownShapesError } from './config-error'
import type { ModelDescription } from './description'
import { readDescription } from './read'

const llama = {
  model_type: 'llama',
  hidden_size: 64,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  intermediate_size: 96,
  vocab_size: 100
}
/** Norms and the two tables; of a layer its attention, and a gated feed-forward of 96. */
const rest = 4 * 2 * 64 + 64 + 2 * 100 * 64
const attention = 4 * 64 * 64
const dense = 3 * 64 * 96
/** A router and four experts of 32. */
const experts = 64 * 4 + 4 * 3 * 64 * 32

const unknown = { ...llama, model_type: 'unheard_of' }
const moe = { ...unknown, num_experts: 4, num_experts_per_tok: 2, moe_intermediate_size: 32 }
const totalOf = (description: ModelDescription) => countDescription(description).total
const total = (json: object) => totalOf(readDescription(json))
const notes = (json: object) => readDescription(json).notes.join('; ')
const effort = (json: object) => readDescription(json, { bestEffort: true })
const without = (json: object, ...keys: string[]) =>
  Object.fromEntries(Object.entries(json).filter(([key]) => !keys.includes(key)))
const sparse = (json: object) =>
  effort(json)
    .stacks.flatMap(({ blocks }) => blocks)
    .flatMap(({ feedForwards }, layer) => (feedForwards.some(({ kind }) => kind === 'moe') ? [layer] : []))

describe('the kind', () => {
  const sizes = { num_key_value_heads: 4, num_local_experts: 2, num_experts_per_tok: 1 }
  const mixtral = { ...llama, ...sizes, architectures: ['MixtralForCausalLM'] }

  test('where model_type and architectures name two, the one that reads more of the keys', () => {
    const right = total({ ...mixtral, model_type: 'mixtral' })
    expect(right).toBe(rest + 4 * (attention + 2 * 64 + 2 * dense))
    expect(total(mixtral)).toBe(right)
    expect(notes(mixtral)).toBe(
      'model_type says llama and architectures MixtralForCausalLM: read as the mixtral, which reads more of the keys'
    )
    expect(total({ ...mixtral, model_type: 'mixtral', architectures: ['LlamaForCausalLM'] })).toBe(right)
    const alike = { ...llama, architectures: ['MistralForCausalLM'] }
    expect(notes(alike)).toMatch(/says llama and architectures MistralForCausalLM: read as the llama$/)
  })

  test('in capitals, with dashes, a class that is no list', () => {
    expect(notes({ ...llama, model_type: 'LLaMA' })).toBe('model_type "LLaMA" is read as llama')
    expect(total({ ...without(llama, 'model_type'), architectures: 'LlamaForCausalLM' })).toBe(total(llama))
  })

  test('a dense one with experts is refused, and a best effort reads them', () => {
    const json = { ...llama, num_experts: 4, num_experts_per_tok: 2, moe_intermediate_size: 32 }
    expect(() => readDescription(json)).toThrow(/num_experts: expected none, as a llama has no experts, found 4;.*best/)
    expect(totalOf(effort(json))).toBe(rest + 4 * (attention + experts))
    expect(effort(json).bestEffort[0]).toMatch(
      /^read by the names of its keys, not as a llama: num_experts: expected none/
    )
  })
})

test('keys that look like sizes and that a known kind does not read are said', () => {
  const read = (keys: object) => notes({ ...llama, ...keys })
  expect(read({ adapter_dim: 8 })).toBe('keys that look like sizes and that a llama does not read: adapter_dim')
  for (const key of ['use_qk_norm', 'qkv_bias', 'num_loops', 'num_nextn_predict_layers']) {
    expect(read({ [key]: key.startsWith('num') ? 2 : true })).toContain(key)
  }
  expect(read({ rope_theta: 5e5, dropout: 1, mlp_only_layers: [], attention_bias: false })).toBe('')
})

describe('where the sizes stand', () => {
  test('in an object of any name, or outside of text_config', () => {
    const nested = { model_type: 'wrapper', lm_config: llama, vision_config: { hidden_size: 8, num_hidden_layers: 2 } }
    expect(total(nested)).toBe(total(llama))
    expect(notes(nested)).toBe('the language model is read from lm_config')
    const outside = { ...llama, model_type: 'llava', text_config: { model_type: 'llama' } }
    expect(total(outside)).toBe(total(llama))
    expect(notes(outside)).toMatch(/sizes that text_config has not are read from outside it/)
  })

  test("a wrapper's text_config that has a vocabulary alone: the class, with a note (Llava 1.5, 7B)", () => {
    const json = { model_type: 'llava', text_config: { model_type: 'llama', vocab_size: 32_064 }, vision_config: {} }
    // Llama 2 7B with 64 more rows in both tables.
    expect(total(json)).toBe(6_738_415_616 + 2 * 64 * 4096)
    expect(notes(json)).toMatch(/by the default of its class: hidden_size 4096/)
  })

  test('in parts, where one that is there twice is not clear', () => {
    const parts = { ...unknown, moe_config: { num_experts: 4, top_k: 2, expert_dim: 32 } }
    expect(totalOf(effort(parts))).toBe(totalOf(effort(moe)))
    const twice = { ...parts, moe_config: { ...parts.moe_config, hidden_size: 32 } }
    expect(() => effort(twice)).toThrow(/moe_config\.hidden_size: not known/)
  })

  test('as words of digits', () => {
    expect(total({ ...llama, hidden_size: '64', vocab_size: '100' })).toBe(total(llama))
    expect(notes({ ...llama, hidden_size: '64' })).toBe('read as numbers: hidden_size')
    expect(() => readDescription({ ...llama, hidden_size: '64.5' })).toThrow(/hidden_size: .*found "64\.5"/)
  })
})

describe('a size for each layer', () => {
  test('of feed-forwards, heads, experts', () => {
    const widths = { ...unknown, intermediate_size: [96, 96, 32, 32] }
    expect(totalOf(effort(widths))).toBe(rest + 4 * attention + 2 * dense + 2 * 3 * 64 * 32)
    // As the keys of a known kind.
    expect(totalOf(effort({ ...widths, model_type: 'llama' }))).toBe(totalOf(effort(widths)))
    const heads = effort({ ...unknown, num_key_value_heads: [4, 1, 1, 1] })
    expect(totalOf(heads)).toBe(rest + 4 * attention + 4 * dense - 3 * 2 * 64 * 48)
    const varied = effort({ ...moe, num_experts: [4, 1, 4, 4], moe_intermediate_size: [32, 32, 32, 16] })
    expect(totalOf(varied)).toBe(rest + 4 * attention + 3 * experts + dense - 4 * 3 * 64 * 16)
  })

  test('or for each that has experts; a list of any other length is named', () => {
    const pruned = { ...moe, first_k_dense_replace: 1, num_experts: [4, 4, 3] }
    expect(totalOf(effort(pruned))).toBe(rest + 4 * attention + dense + 3 * experts - 64 - 3 * 64 * 32)
    expect(() => effort({ ...moe, moe_intermediate_size: [32, 32] })).toThrow(
      /moe_intermediate_size: .*or a list with one for each layer/
    )
  })
})

describe('schedules', () => {
  test.each([
    [{ moe_layers: '1,3' }, [1, 3]],
    [{ moe_layer_freq: '([0]*1+[1]*3)' }, [1, 2, 3]],
    [{ moe_layer_freq: 2 }, [0, 2]],
    [{ decoder_sparse_step: 2 }, [1, 3]],
    [{ expert_layer_period: 2, expert_layer_offset: 1 }, [1, 3]],
    [{ dense_layers: [0, 2] }, [1, 3]],
    [{ moe_layer_start_index: 1, moe_layer_end_index: 2 }, [1, 2]],
    [{ first_k_dense_replace: 1, last_k_dense_replace: 1 }, [1, 2]]
  ])('%j', (keys, layers) => {
    expect(sparse({ ...moe, ...keys })).toEqual(layers)
  })

  test.each([
    [{ moe_layers: 'odd ones' }, /moe_layers: expected a list, found "odd ones"/],
    [{ moe_layer_freq: '([0,1])*2' }, /moe_layer_freq: expected a list/],
    [{ moe_layer_freq: '[1]*99999' }, /moe_layer_freq: expected at most 10000 layers/],
    [{ is_moe_layer: [true] }, /is_moe_layer: expected a list with one of each of 4 layers/],
    [{ decoder_sparse_step: 0 }, /decoder_sparse_step: expected a positive integer, found 0/]
  ])('%j cannot be read', (keys, message) => {
    expect(() => effort({ ...moe, ...keys })).toThrow(message)
  })

  test('a pattern of letters is one', () => {
    expect(() => effort({ ...unknown, hybrid_override_pattern: 'M-*-' })).toThrow(UnknownShapesError)
  })

  test("block_configs, as a search's models have them", () => {
    const one = { attention: { n_heads_in_group: 4 }, ffn: { intermediate_size: 96 } }
    const none = { attention: { no_op: true }, ffn: { no_op: true } }
    const blocks = effort({ ...unknown, block_configs: [one, none, none, none] })
    expect(totalOf(blocks)).toBe(2 * 64 + 64 + 2 * 100 * 64 + attention - 2 * 64 * 48 + dense)
  })
})

describe('best effort', () => {
  test.each(['num_selects', 'router_top_k', 'n_experts_per_token', 'num_experts_top_k'])('%s is top-k', (key) => {
    expect(totalOf(effort({ ...without(moe, 'num_experts_per_tok'), [key]: 2 }))).toBe(totalOf(effort(moe)))
  })

  test('what is missing is said with the keys that may be it', () => {
    expect(() => effort({ ...without(unknown, 'intermediate_size'), mlp_ratio: 4 })).toThrow(
      /intermediate_size: .*found nothing under a usual name; if mlp_ratio says it, write it as intermediate_size/
    )
  })

  test('a schedule is none of them', () => {
    const json = { ...without(moe, 'num_experts_per_tok'), decoder_sparse_step: 2 }
    expect(() => effort(json)).toThrow(/num_experts_per_tok: expected a positive integer, found nothing$/)
  })

  test('a name that says the same again is read, and one that contradicts is not clear', () => {
    expect(totalOf(effort({ ...moe, num_local_experts: 4, n_layer: 4 }))).toBe(totalOf(effort(moe)))
    expect(() => effort({ ...moe, num_local_experts: 8 })).toThrow(/num_local_experts: not clear beside the other keys/)
  })

  test('gates and biases by their flags, and every key that was read is said', () => {
    const plain = effort({ ...unknown, use_glu: false, use_bias: true })
    expect(totalOf(plain)).toBe(rest + 4 * (attention + 4 * 64 + 2 * 64 * 96 + 96 + 64))
    expect(plain.bestEffort.join()).toMatch(/keys that were read: .*use_glu.*feed-forwards are not gated/)
    const { bestEffort } = effort({ ...moe, num_dense_layers: 1, head_dim: 16, max_position_embeddings: 8 })
    for (const key of Object.keys(moe)) expect(bestEffort[1]).toContain(key)
    expect(bestEffort).toContain('3 of 4 layers have experts, from 1 on')
  })
})

test.each([
  [{ model_type: 'deepseek_v4', hidden_size: 4096, hc_mult: 2 ** 31 - 1 }, /2\^53 weights/],
  [{ model_type: 'gemma4_text', hidden_size: 64, enable_moe_block: true }, /num_experts: expected a positive integer/]
])('sizes that no model has are an error in words: %j', (json, message) => {
  expect(() => readDescription(json)).toThrow(message)
})
