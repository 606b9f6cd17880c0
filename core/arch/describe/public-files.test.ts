/** Faults of files that people have: the right figure, or a sentence that helps. */
import { describe, expect, test } from 'vitest'
import { parseJson } from '../../formats/json'
import { shippedBytes, storedBytes } from '../count/bytes'
import { countDescription } from '../count/parameters'
import { UnknownKindError, UnknownShapesError } from './config-error'
import { binaryFile } from './other-files'
import { readDescription } from './read'

const llama = {
  model_type: 'llama',
  hidden_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 96,
  vocab_size: 100
}
/** Two layers of four projections of 64, three of 96 and two norms, and the last norm. */
const body = 2 * (4 * 64 * 64 + 3 * 64 * 96 + 2 * 64) + 64
const table = 100 * 64

const total = (json: object) => countDescription(readDescription(json)).total
const notes = (json: object) => readDescription(json).notes.join('; ')
const reading = (json: object) => () => readDescription(json)

test('numbers as Python writes them, a byte-order mark', () => {
  const text = '\ufeff{"a": [NaN, -Infinity, Infinity], "b": "NaN, \\"Infinity", "c": {"d":NaN}}'
  const value = { a: [Number.NaN, -Infinity, Infinity], b: 'NaN, "Infinity', c: { d: Number.NaN } }
  expect(parseJson(text, 'f')).toEqual(value)
  expect(() => parseJson('{"a": NaNx}', 'f')).toThrow(/f is not JSON/)
  expect(() => parseJson('{"a": nan}', 'f')).toThrow(/f is not JSON/)
  const file = `{"time_step_limit": [0.0, Infinity], "x": NaN, ${JSON.stringify(llama).slice(1)}`
  expect(total(parseJson(file, 'f') as object)).toBe(body + 2 * table)
  expect(reading({ ...llama, vocab_size: Number.NaN })).toThrow(/vocab_size: .*found NaN/)
})

describe('defaults of a class', () => {
  test('a file that does not say its width is refused, with the keys that are not known', () => {
    expect(reading({ model_type: 'llama' })).toThrow(/hidden_size: expected a positive integer, found nothing/)
    expect(reading({ model_type: 'llama', hidden_dims: 8192, wide: 3 })).toThrow(
      /keys that are not known: hidden_dims, wide/
    )
  })

  test('one that fills in is said, with what was not read', () => {
    const { vocab_size: _, ...rest } = llama
    expect(total(rest)).toBe(body + 2 * 32000 * 64)
    expect(notes({ ...rest, vocab: 7 })).toBe(
      'not in the file, by the default of its class: vocab_size 32000; keys that were not read: vocab'
    )
    expect(notes(llama)).toBe('')
  })

  test("other calculators' words are read, with a note", () => {
    const other = { model_type: 'mixtral', hidden_dim: 64, n_layers: 2, n_heads: 4, inter_dim: 96, vocab_size: 100 }
    const json = { ...other, num_key_value_heads: 4, n_experts: 2, n_activated_experts: 1 }
    expect(total(json)).toBe(body + 2 * table + 2 * (3 * 64 * 96 + 2 * 64))
    expect(notes(json)).toMatch(/hidden_dim is read as hidden_size/)
    expect(notes(json)).toMatch(/n_activated_experts is read as num_experts_per_tok/)
  })

  test("Llama's width of a gated feed-forward, where a calculator has 4 d", () => {
    const json = {
      model_type: 'llama',
      hidden_dim: 4096,
      ffn_embed_dim: 16384,
      n_head: 32,
      num_layers: 32,
      vocab_size: 32000
    }
    // LLaMA 7B.
    expect(total(json)).toBe(6_738_415_616)
    expect(notes(json)).toMatch(/8 d \/ 3/)
  })
})

describe('configurations of other programs', () => {
  test("Mistral's params.json", () => {
    const json = {
      dim: 4096,
      n_layers: 32,
      head_dim: 128,
      hidden_dim: 14336,
      n_heads: 32,
      n_kv_heads: 8,
      vocab_size: 32000
    }
    expect(total(json)).toBe(7_241_732_096)
    expect(total({ ...json, moe: { num_experts: 8, num_experts_per_tok: 2 } })).toBe(46_702_792_704)
    expect(notes(json)).toMatch(/params\.json of Mistral, read as a mistral/)
  })

  test("Meta's params.json", () => {
    const json = { dim: 4096, n_layers: 32, n_heads: 32, multiple_of: 256, norm_eps: 1e-6, vocab_size: -1 }
    expect(total(json)).toBe(6_738_415_616)
    expect(notes(json)).toMatch(/vocabulary.*taken to be 32000/)
  })

  test("DeepSeek's inference code", () => {
    const shared = {
      vocab_size: 102_400,
      dim: 2048,
      inter_dim: 10944,
      moe_inter_dim: 1408,
      n_layers: 27,
      n_dense_layers: 1
    }
    const routed = { n_heads: 16, n_routed_experts: 64, n_shared_experts: 2, n_activated_experts: 6, route_scale: 1 }
    const latent = { q_lora_rank: 0, kv_lora_rank: 512, qk_nope_head_dim: 128, qk_rope_head_dim: 64, v_head_dim: 128 }
    // DeepSeek-V2-Lite.
    expect(total({ ...shared, ...routed, ...latent, mscale: 0.7 })).toBe(15_706_484_224)
  })
})

describe('the head that architectures names', () => {
  test.each([
    [['LlamaForCausalLM'], {}, table],
    [['LlamaModel'], {}, 0],
    [['LlamaForSequenceClassification'], { num_labels: 3 }, 3 * 64],
    [['LlamaForSequenceClassification'], { id2label: { 0: 'a', 1: 'b' } }, 2 * 64],
    [['LlamaForTokenClassification'], { num_labels: 5 }, 5 * 64 + 5]
  ])('%s %j', (architectures, keys, head) => {
    expect(total({ ...llama, architectures, ...keys })).toBe(body + table + head)
  })

  test('it is said, and that one label is assumed', () => {
    const json = { ...llama, architectures: ['LlamaForSequenceClassification'] }
    expect(total(json)).toBe(body + table + 64)
    expect(notes(json)).toMatch(/a score head of 1 .*1 is assumed/)
  })

  test('a model without a kind, or with one that is not known, is read by its class', () => {
    const { model_type: _, ...rest } = llama
    const json = { ...rest, architectures: ['LlamaForCausalLM'] }
    expect(total(json)).toBe(body + 2 * table)
    expect(notes(json)).toMatch(/no model_type: read as the llama of architectures/)
    expect(notes({ ...json, model_type: 'git' })).toMatch(/"git" is not known: read as the llama/)
    expect(reading({ ...rest, architectures: ['FooForCausalLM'] })).toThrow(UnknownKindError)
  })
})

describe('best effort', () => {
  const unknown = { ...llama, model_type: 'unheard_of' }
  const effort = (json: object, bestEffort: true | 'anyway' = true) =>
    readDescription({ ...unknown, ...json }, { bestEffort })

  test('it says which keys it read and which it did not know', () => {
    const { bestEffort } = effort({ use_flux: 'yes' })
    expect(bestEffort.join('; ')).toMatch(/keys that were read: .*hidden_size.*; keys that are not known: use_flux/)
  })

  test('no figure where an unknown key looks like a size or a schedule, unless asked again', () => {
    const json = { flux_hidden_size: 32, layers_with_flux: [1] }
    expect(() => effort(json)).toThrow(UnknownShapesError)
    expect(() => effort(json)).toThrow(/flux_hidden_size: not known.*so do layers_with_flux/)
    expect(countDescription(effort(json, 'anyway')).total).toBe(body + 2 * table)
  })

  const moe = { num_experts: 4, num_experts_per_tok: 2, moe_intermediate_size: 32, num_hidden_layers: 4 }
  test.each([
    [{ num_dense_layers: 1 }, [1, 2, 3]],
    [{ is_moe_layer: [true, false, true, false] }, [0, 2]],
    [{ mlp_only_layers: [2] }, [0, 1, 3]],
    [{ moe_layer_freq: [0, 0, 1, 1] }, [2, 3]],
    [{ mlp_layer_types: ['dense', 'sparse', 'dense', 'sparse'] }, [1, 3]],
    [{ decoder_sparse_step: 2 }, [1, 3]]
  ])('schedule %j', (keys, sparse) => {
    const blocks = effort({ ...moe, ...keys }).stacks.flatMap((stack) => stack.blocks)
    expect(blocks.flatMap((each, layer) => (each.feedForwards[0]?.kind === 'moe' ? [layer] : []))).toEqual(sparse)
  })

  test('latent experts, a dense branch beside them, an embedding for each layer', () => {
    const plain = countDescription(effort(moe)).total
    const latent = countDescription(effort({ ...moe, moe_latent_size: 16 })).total
    expect(latent - plain).toBe(4 * (4 * 3 * 32 * (16 - 64) + 2 * 16 * 64))
    expect(countDescription(effort({ ...moe, residual_moe: true })).total - plain).toBe(4 * 3 * 64 * 96)
    const layered = countDescription(effort({ ...moe, hidden_size_per_layer_input: 8 })).total
    expect(layered - plain).toBe(100 * 4 * 8 + 4 * 8 * 64 + 8 + 4 * (2 * 8 * 64 + 64))
  })

  test('a known kind whose file its reader cannot read', () => {
    const { hidden_size: _, ...rest } = llama
    const json = { ...rest, model_dimension: 64 }
    expect(() => readDescription(json, { bestEffort: true })).toThrow(/hidden_size/)
    const odd = { ...llama, model_type: 'mixtral', num_local_experts: 2, num_experts_per_tok: 4 }
    expect(() => readDescription(odd, { bestEffort: true })).toThrow(/num_experts_per_tok/)
  })
})

describe('the shipped format', () => {
  const read = (quantization_config: object, rest: object = {}) =>
    readDescription({
      ...llama,
      hidden_size: 256,
      num_attention_heads: 4,
      intermediate_size: 512,
      quantization_config,
      ...rest
    })

  test.each([
    [{ quant_method: 'gptq', bits: 4, group_size: 128 }, 'int4', 4 / 8 + 2.5 / 128],
    [{ quant_method: 'gptq', bits: 3, group_size: 64 }, 'int3', 3 / 8 + (2 + 3 / 8) / 64],
    [{ quant_method: 'awq', bits: 4, group_size: 64 }, 'int4', 4 / 8 + 2.5 / 64],
    [{ quant_method: 'bitsandbytes', load_in_4bit: true, bnb_4bit_quant_type: 'nf4' }, 'nf4', 0.5 + 4 / 64],
    [{ load_in_4bit: true, quant_method: 'bitsandbytes', bnb_4bit_quant_type: 'fp4' }, 'fp4', 0.5 + 4 / 64],
    [{ quant_method: 'modelopt', quant_algo: 'NVFP4', group_size: 16 }, 'nvfp4', 0.5 + 1 / 16],
    [{ producer: { name: 'modelopt' }, quantization: { quant_algo: 'NVFP4' } }, 'nvfp4', 0.5 + 1 / 16],
    [{ quant_method: 'auto-round', bits: 2, group_size: 32 }, 'int2', 2 / 8 + 2.25 / 32],
    [
      { quant_method: 'hqq', quant_config: { weight_quant_params: { nbits: 4, group_size: 64 } } },
      'int4',
      0.5 + 4 / 64
    ],
    [
      {
        quant_method: 'torchao',
        quant_type: { default: { _type: 'Int4WeightOnlyConfig', _data: { group_size: 128 } } }
      },
      'int4',
      0.5 + 2 / 128
    ],
    [
      { quant_method: 'quark', global_quant_config: { weight: { dtype: 'int4', group_size: 32 } } },
      'int4',
      0.5 + 2 / 32
    ],
    [
      {
        quant_method: 'compressed-tensors',
        config_groups: { a: { weights: { num_bits: 4, type: 'int', group_size: 32, symmetric: true } } }
      },
      'int4',
      0.5 + 2 / 32
    ],
    [{ quant_method: 'fp8', weight_block_size: [128, 128] }, 'fp8', 1 + 4 / 128 ** 2]
  ])('%j', (config, id, bytesPerWeight) => {
    const description = read(config)
    expect(description.shippedFormat).toBe(id)
    const matrices = 2 * (4 * 256 * 256 + 3 * 256 * 512)
    const rest = 2 * 100 * 256 + 5 * 256
    expect(shippedBytes(description)).toBe(Math.round(matrices * bytesPerWeight + 2 * rest))
  })

  test('scales of rows and of whole matrices; MLX also treats embedding and head; others leave parts alone', () => {
    expect(read({ quant_method: 'fbgemm_fp8' }).shippedFormat).toBe('fp8')
    const group = (strategy: string) => ({ a: { weights: { num_bits: 8, type: 'float', strategy } } })
    expect(read({ quant_method: 'compressed-tensors', config_groups: group('channel') }).shippedFormat).toBe('fp8')
    const mlx = readDescription({
      ...llama,
      hidden_size: 256,
      num_attention_heads: 4,
      quantization: { bits: 4, group_size: 64 }
    })
    expect(mlx.shippedFormat).toBe('int4')
    expect(mlx.quantisation?.parts[0]?.components).toContain('embedding')
    const awq = { quant_method: 'awq', bits: 4, group_size: 128, modules_to_not_convert: ['self_attn'] }
    expect(read(awq).quantisation?.parts[0]?.components).not.toContain('attention')
  })

  test('nested beside the language model; unknown ones are said', () => {
    const nested = { model_type: 'x', text_config: { ...llama, quantization_config: { quant_method: 'awq', bits: 4 } } }
    expect(readDescription(nested).shippedFormat).toBe('int4')
    const odd = read({ quant_method: 'sorcery' })
    expect(odd.notes.join()).toMatch(/quant_method sorcery.*16 bits/)
    expect(shippedBytes(odd)).toBe(storedBytes(odd, 'bf16'))
  })
})

describe('other files are named for what they are', () => {
  test.each([
    [
      { peft_type: 'LORA', base_model_name_or_path: 'a/b', r: 8 },
      /adapter_config\.json: the LORA adapter of a\/b; open/
    ],
    [
      { metadata: { total_parameters: 1000 }, weight_map: {} },
      /index of a checkpoint's weights \(it says 1,000 parameters\)/
    ],
    [{ _from_model_config: true, bos_token_id: 1, do_sample: true }, /generation_config\.json/],
    [{ model: { type: 'BPE' }, added_tokens: [] }, /tokenizer\.json/],
    [{ tokenizer_class: 'X', chat_template: '' }, /tokenizer_config\.json/],
    [{ producer: { name: 'modelopt' }, quantization: { quant_algo: 'FP8' } }, /configuration of a quantiser/],
    [{ bits: 4, group_size: 128, desc_act: false }, /configuration of a quantiser/],
    [{ _class_name: 'UNet2DConditionModel', in_channels: 4 }, /diffusion model/],
    [{ best_metric: null, log_history: [] }, /trainer_state\.json/],
    [{ chat_template: 'x' }, /chat template/],
    [{ a: 1, b: 2, hello: 3 }, /vocabulary of a tokenizer/]
  ])('%j', (json, message) => {
    expect(reading(json)).toThrow(message)
  })

  test.each([
    ['GGUF\u0003', /GGUF/],
    ['PK\u0003\u0004', /zip or PyTorch/],
    ['\u0093NUMPY\u0001', /array of NumPy/],
    ['PAR1', /Parquet/],
    ['\u0089HDF\r\n', /HDF5/],
    ['\u0080\u0002}q', /pickle/],
    ['\u0010\0\0\0\0\0\0\0{"a"', /safetensors/]
  ])('%j', (text, message) => {
    expect(binaryFile(Uint8Array.from(text, (letter) => letter.charCodeAt(0)))).toMatch(message)
  })

  test('a config.json is none of them', () => {
    expect(binaryFile(new TextEncoder().encode('{"model_type": 1}'))).toBeUndefined()
  })
})

test.each([
  ['', /f is not JSON: it is an empty file/],
  ['version https://git-lfs.github.com/spec/v1\noid sha256:a', /pointer of Git LFS.*git lfs pull/],
  ['<!DOCTYPE html><p>401', /web page.*fetch the file again/]
])('text in place of JSON: %j', (text, message) => {
  expect(() => parseJson(text, 'f')).toThrow(message)
})

test('formats that say more than one number of bits', () => {
  const read = (quantization_config: object) => readDescription({ ...llama, quantization_config })
  expect(read({ quant_method: 'bitsandbytes', _load_in_4bit: true, bnb_4bit_quant_type: 'nf4' }).shippedFormat).toBe(
    'nf4'
  )
  const own = { bits: 4, group_size: 64, 'model.layers.0.mlp.down_proj': { bits: 6, group_size: 64 } }
  expect(read(own).notes.join()).toMatch(/bits of their own/)
  const single = {
    quant_method: 'gptq',
    bits: 4,
    group_size: 32,
    modules_to_not_convert: ['model.layers.0.mlp.up_proj']
  }
  expect(read(single).notes.join()).toMatch(/stay in 16 bits/)
  const group = (num_bits: number, targets: string[]) => ({
    targets,
    weights: { num_bits, type: 'int', group_size: 32 }
  })
  const groups = { a: group(8, ['Linear']), b: group(4, ['re:.*mlp.*_proj']) }
  const mixed = read({ quant_method: 'compressed-tensors', config_groups: groups })
  const rest = 2 * table + 5 * 64
  // Codes and a scale of two bytes for each 32 inputs.
  const stored = (weights: number, bits: number) => (weights * bits) / 8 + (weights / 32) * 2
  expect(shippedBytes(mixed)).toBe(2 * rest + stored(2 * 3 * 64 * 96, 4) + stored(2 * 4 * 64 * 64, 8))
})

test("heads of Qwen's reward models have a dense layer, and draft models say what is not counted", () => {
  const qwen = { ...llama, model_type: 'qwen2', num_key_value_heads: 4 }
  const bare = total({ ...qwen, architectures: ['Qwen2Model'] })
  expect(total({ ...qwen, architectures: ['Qwen2ForRewardModel'] })).toBe(bare + 64 * 64 + 64 + 64 + 1)
  expect(total({ ...qwen, architectures: ['Qwen2ForProcessRewardModel'] })).toBe(bare + 64 * 64 + 64 + 2 * 64 + 2)
  expect(notes({ ...llama, architectures: ['LlamaForCausalLMEagle3'] })).toMatch(/draft model.*not counted/)
})

test('null parts of other modalities are not there', () => {
  const json = { model_type: 'x', text_config: llama, audio_config: null, vision_config: {} }
  expect(readDescription(json).leftOut).toEqual(['vision_config'])
})
