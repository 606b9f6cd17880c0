/**
 * Totals of published checkpoints: what the hub states for their safetensors files, or `num_parameters()` of
 * transformers. Keys as in their config.json; those that are missing there are missing here.
 */
import { expect, test } from 'vitest'
import { countDescription } from './count/parameters'
import { readDescription } from './describe/read'

/** The keys that most decoders share. */
function shape(
  hidden_size: number,
  num_hidden_layers: number,
  num_attention_heads: number,
  num_key_value_heads: number,
  intermediate_size: number,
  vocab_size: number
) {
  return { hidden_size, num_hidden_layers, num_attention_heads, num_key_value_heads, intermediate_size, vocab_size }
}

/** ChatGLM3 and GLM-4, which have the same layers. */
const chatGlm = (num_layers: number, padded_vocab_size: number) => ({
  num_layers,
  padded_vocab_size,
  hidden_size: 4096,
  ffn_hidden_size: 13696,
  num_attention_heads: 32,
  kv_channels: 128,
  multi_query_attention: true,
  multi_query_group_num: 2,
  add_qkv_bias: true
})

const tied = { tie_word_embeddings: true }

/** T5 of its first version, and of the next with gated feed-forwards and an output projection of its own. */
const t5 = (d_model: number, d_ff: number, num_layers: number, num_heads: number, d_kv = 64) => {
  return { d_model, d_ff, num_layers, num_heads, d_kv }
}
const flan = { feed_forward_proj: 'gated-gelu', tie_word_embeddings: false }

const graniteHybridLayers = Array.from({ length: 40 }, (_, i) => (i % 10 === 5 ? 'attention' : 'mamba'))

test.each([
  ['Llama 3.2 1B', 'llama', { ...shape(2048, 16, 32, 8, 8192, 128_256), tie_word_embeddings: true }, 1_235_814_400],
  ['Llama 3.2 3B', 'llama', { ...shape(3072, 28, 24, 8, 8192, 128_256), ...tied }, 3_212_749_824],
  ['Llama 2 13B', 'llama', shape(5120, 40, 40, 40, 13824, 32000), 13_015_864_320],
  ['Llama 2 70B', 'llama', shape(8192, 80, 64, 8, 28672, 32000), 68_976_648_192],
  ['TinyLlama 1.1B', 'llama', shape(2048, 22, 32, 4, 5632, 32000), 1_100_048_384],
  ['SmolLM2 135M', 'llama', { ...shape(576, 30, 9, 3, 1536, 49152), ...tied }, 134_515_008],
  ['SmolLM2 360M', 'llama', { ...shape(960, 32, 15, 5, 2560, 49152), ...tied }, 361_821_120],
  ['SmolLM2 1.7B', 'llama', { ...shape(2048, 24, 32, 32, 8192, 49152), ...tied }, 1_711_376_384],
  ['Granite 3.3 2B', 'granite', { ...shape(2048, 40, 32, 8, 8192, 49159), ...tied }, 2_533_539_840],
  ['Llama 3.1 405B', 'llama', shape(16384, 126, 128, 8, 53248, 128_256), 405_853_388_800],
  [
    'Qwen 7B',
    'qwen',
    { ...shape(4096, 32, 32, 32, 22016, 151_936), num_key_value_heads: undefined, kv_channels: 128 },
    7_721_324_544
  ],
  ['ChatGLM3 6B', 'chatglm', chatGlm(28, 65_024), 6_243_584_000],
  ['GLM-4 9B', 'chatglm', chatGlm(40, 151_552), 9_399_951_360],
  ['Mistral NeMo 12B', 'mistral', { ...shape(5120, 40, 32, 8, 14336, 131_072), head_dim: 128 }, 12_247_782_400],
  ['Mistral 7B v0.3', 'mistral', shape(4096, 32, 32, 8, 14336, 32768), 7_248_023_552],
  ['Mistral Small 24B', 'mistral', { ...shape(5120, 40, 32, 8, 32768, 131_072), head_dim: 128 }, 23_572_403_200],
  ['SmolLM3 3B', 'smollm3', { hidden_size: 2048 }, 3_075_098_624],
  ['Phi-1 and Phi-1.5', 'phi', { hidden_size: 2048 }, 1_418_270_720],
  ['Phi-3-medium', 'phi3', shape(5120, 40, 40, 10, 17920, 32064), 13_960_238_080],
  ['Phi-4', 'phi3', shape(5120, 40, 40, 10, 17920, 100_352), 14_659_507_200],
  ['Phi-2', 'phi', shape(2560, 32, 32, 32, 10240, 51200), 2_779_683_840],
  ['Phi-3-mini', 'phi3', { hidden_size: 3072 }, 3_821_079_552],
  ['Gemma 2B', 'gemma', { ...shape(2048, 18, 8, 1, 16384, 256_000), head_dim: 256 }, 2_506_172_416],
  ['Gemma 7B', 'gemma', { hidden_size: 3072 }, 8_537_680_896],
  ['Gemma 2 2B', 'gemma2', { hidden_size: 2304 }, 2_614_341_888],
  ['Gemma 2 9B', 'gemma2', { ...shape(3584, 42, 16, 8, 14336, 256_000), head_dim: 256 }, 9_241_705_984],
  ['Gemma 2 27B', 'gemma2', { ...shape(4608, 46, 32, 16, 36864, 256_000), head_dim: 128 }, 27_227_128_320],
  ['Gemma 3 1B', 'gemma3_text', { ...shape(1152, 26, 4, 1, 6912, 262_144), head_dim: 256 }, 999_885_952],
  ['OLMo 1B', 'olmo', { ...shape(2048, 16, 16, 16, 8192, 50304), tie_word_embeddings: true }, 1_176_764_416],
  ['Gemma 3 270M', 'gemma3_text', { ...shape(640, 18, 4, 1, 2048, 262_144), head_dim: 256 }, 268_098_176],
  ['OLMo 7B', 'olmo', shape(4096, 32, 32, 32, 11008, 50304), 6_888_095_744],
  ['OLMo 2 13B', 'olmo2', shape(5120, 40, 40, 40, 13824, 100_352), 13_716_198_400],
  ['OLMo 2 32B', 'olmo2', shape(5120, 64, 40, 8, 27648, 100_352), 32_234_279_936],
  ['OLMo 2 7B', 'olmo2', shape(4096, 32, 32, 32, 11008, 100_352), 7_298_617_344],
  ['Falcon 7B', 'falcon', { hidden_size: 4544 }, 6_921_720_704],
  [
    'Falcon 40B',
    'falcon',
    {
      hidden_size: 8192,
      num_hidden_layers: 60,
      num_attention_heads: 128,
      num_kv_heads: 8,
      new_decoder_architecture: true
    },
    41_303_293_952
  ],
  ['Pythia 70M', 'gpt_neox', shape(512, 6, 8, 8, 2048, 50304), 70_426_624],
  ['Pythia 160M', 'gpt_neox', shape(768, 12, 12, 12, 3072, 50304), 162_322_944],
  ['Pythia 410M', 'gpt_neox', shape(1024, 24, 16, 16, 4096, 50304), 405_334_016],
  ['Pythia 1.4B', 'gpt_neox', shape(2048, 24, 16, 16, 8192, 50304), 1_414_647_808],
  ['Pythia 2.8B', 'gpt_neox', shape(2560, 32, 32, 32, 10240, 50304), 2_775_208_960],
  ['Pythia 12B', 'gpt_neox', shape(5120, 36, 40, 40, 20480, 50688), 11_846_072_320],
  ['Pythia 1B', 'gpt_neox', shape(2048, 16, 8, 8, 8192, 50304), 1_011_781_632],
  ['Pythia 6.9B', 'gpt_neox', shape(4096, 32, 32, 32, 16384, 50432), 6_857_302_016],
  ['GPT-2 medium', 'gpt2', { n_embd: 1024, n_layer: 24, n_head: 16 }, 354_823_168],
  ['BERT base', 'bert', { hidden_size: 768 }, 109_482_240],
  ['BERT large', 'bert', shape(1024, 24, 16, 16, 4096, 30522), 335_141_888],
  ['T5 small', 't5', { d_model: 512 }, 60_506_624],
  ['T5 base', 't5', { d_model: 768, d_ff: 3072, num_layers: 12, num_heads: 12 }, 222_903_552],
  [
    'Flan-T5 base',
    't5',
    {
      d_model: 768,
      d_ff: 2048,
      num_layers: 12,
      num_heads: 12,
      feed_forward_proj: 'gated-gelu',
      tie_word_embeddings: false
    },
    247_577_856
  ],
  ['T5 large', 't5', t5(1024, 4096, 24, 16), 737_668_096],
  ['T5 3B', 't5', t5(1024, 16384, 24, 32, 128), 2_851_598_336],
  ['T5 11B', 't5', t5(1024, 65536, 24, 128, 128), 11_307_321_344],
  ['Flan-T5 small', 't5', { ...t5(512, 1024, 8, 6), ...flan }, 76_961_152],
  ['Flan-T5 large', 't5', { ...t5(1024, 2816, 24, 16), ...flan }, 783_150_080],
  ['Flan-T5 XL', 't5', { ...t5(2048, 5120, 24, 32), ...flan }, 2_849_757_184],
  ['Flan-T5 XXL', 't5', { ...t5(4096, 10240, 24, 64), ...flan }, 11_135_332_352],
  ['mT5 small', 'mt5', { d_model: 512 }, 300_176_768],
  ['mT5 base', 'mt5', t5(768, 2048, 12, 12), 582_401_280],
  ['mT5 large', 'mt5', t5(1024, 2816, 24, 16), 1_229_581_312],
  ['mT5 XL', 'mt5', t5(2048, 5120, 24, 32), 3_742_619_648],
  ['NLLB 600M', 'm2m_100', { d_model: 1024, vocab_size: 256_206 }, 615_073_792],
  ['Qwen2.5 0.5B', 'qwen2', { ...shape(896, 24, 14, 2, 4864, 151_936), tie_word_embeddings: true }, 494_032_768],
  ['Qwen2.5 1.5B', 'qwen2', { ...shape(1536, 28, 12, 2, 8960, 151_936), ...tied }, 1_543_714_304],
  ['Qwen2.5 3B', 'qwen2', { ...shape(2048, 36, 16, 2, 11008, 151_936), ...tied }, 3_085_938_688],
  ['Qwen2.5 14B', 'qwen2', shape(5120, 48, 40, 8, 13824, 152_064), 14_770_033_664],
  ['Qwen2.5 32B', 'qwen2', shape(5120, 64, 40, 8, 27648, 152_064), 32_763_876_352],
  ['Qwen2.5 72B', 'qwen2', shape(8192, 80, 64, 8, 29568, 152_064), 72_706_203_648],
  ['Qwen2.5 7B', 'qwen2', shape(3584, 28, 28, 4, 18944, 152_064), 7_615_616_512],
  ['Qwen3 0.6B', 'qwen3', { ...shape(1024, 28, 16, 8, 3072, 151_936), tie_word_embeddings: true }, 596_049_920],
  ['Qwen3 1.7B', 'qwen3', { ...shape(2048, 28, 16, 8, 6144, 151_936), ...tied }, 1_720_574_976],
  ['Qwen3 4B', 'qwen3', { ...shape(2560, 36, 32, 8, 9728, 151_936), ...tied }, 4_022_468_096],
  ['Qwen3 14B', 'qwen3', shape(5120, 40, 40, 8, 17408, 151_936), 14_768_307_200],
  ['Qwen3 32B', 'qwen3', shape(5120, 64, 64, 8, 25600, 151_936), 32_762_123_264],
  [
    'Qwen3 Coder 480B',
    'qwen3_moe',
    { ...shape(6144, 62, 96, 8, 8192, 151_936), head_dim: 128, moe_intermediate_size: 2560, num_experts: 160 },
    480_154_875_392
  ],
  [
    'Kimi K2',
    'kimi_k2',
    {
      hidden_size: 7168,
      vocab_size: 163_840,
      num_attention_heads: 64,
      n_routed_experts: 384,
      first_k_dense_replace: 1
    },
    1_026_408_232_448
  ],
  ['ERNIE 4.5 0.3B', 'ernie4_5', { hidden_size: 1024 }, 360_748_032],
  ['Mixtral 8x22B', 'mixtral', shape(6144, 56, 48, 8, 16384, 32000), 140_620_634_112],
  ['gpt-oss-120b', 'gpt_oss', { hidden_size: 2880 }, 116_829_156_672],
  [
    'DeepSeek-V2-Lite',
    'deepseek_v2',
    {
      ...shape(2048, 27, 16, 16, 10944, 102_400),
      q_lora_rank: null,
      moe_intermediate_size: 1408,
      n_routed_experts: 64,
      n_shared_experts: 2,
      num_experts_per_tok: 6,
      first_k_dense_replace: 1
    },
    15_706_484_224
  ],
  [
    'dots.llm1',
    'dots1',
    {
      ...shape(4096, 62, 32, 32, 10944, 152_064),
      moe_intermediate_size: 1408,
      n_routed_experts: 128,
      n_shared_experts: 2,
      num_experts_per_tok: 6,
      first_k_dense_replace: 1
    },
    142_774_381_696
  ],
  [
    'Hunyuan-A13B',
    'hunyuan_v1_moe',
    {
      ...shape(4096, 32, 32, 8, 3072, 128_167),
      head_dim: 128,
      num_experts: 64,
      moe_topk: 8,
      tie_word_embeddings: true
    },
    80_393_183_232
  ],
  ['Llama 4 Scout', 'llama4_text', { hidden_size: 5120 }, 107_769_861_120],
  [
    'Granite 4.0 H Tiny',
    'granitemoehybrid',
    {
      ...shape(1536, 40, 12, 4, 512, 100_352),
      num_local_experts: 64,
      num_experts_per_tok: 6,
      shared_intermediate_size: 1024,
      mamba_n_heads: 48,
      mamba_d_state: 128,
      layer_types: graniteHybridLayers,
      tie_word_embeddings: true
    },
    6_939_037_248
  ],
  ['Phi-3.5-MoE', 'phimoe', { hidden_size: 4096, attention_bias: true, lm_head_bias: true }, 41_873_153_344]
])('%s', (_, model_type, keys, total) => {
  expect(countDescription(readDescription({ model_type, ...keys })).total).toBe(total)
})

test('the hub counts multi-token prediction and its copies of embedding and head', () => {
  const air = countDescription(
    readDescription({
      model_type: 'glm4_moe',
      hidden_size: 4096,
      attention_bias: true,
      head_dim: 128,
      num_nextn_predict_layers: 1,
      n_routed_experts: 128
    })
  )
  // GLM-4.5-Air: 110B on the hub, 106B in the report.
  const copies = 2 * 151_552 * 4096
  expect(air.total + air.multiTokenPrediction + copies).toBe(110_468_824_832)
})

test('MiMo-7B with its block for multi-token prediction is all of its checkpoint', () => {
  const { total, multiTokenPrediction } = countDescription(
    readDescription({
      model_type: 'mimo',
      ...shape(4096, 36, 32, 8, 11008, 151_680),
      head_dim: 128,
      num_nextn_predict_layers: 1
    })
  )
  expect(total + multiTokenPrediction).toBe(7_833_409_536)
})
