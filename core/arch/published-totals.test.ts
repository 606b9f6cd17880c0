/**
 * Totals of published checkpoints: what the hub states for their safetensors files, or `num_parameters()` of
 * transformers. Keys as in their config.json; those that are missing there are missing here.
 */
import { expect, test } from 'vitest'
import { countDescription } from './count-parameters'
import { readDescription } from './read-description'

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

const graniteHybridLayers = Array.from({ length: 40 }, (_, i) => (i % 10 === 5 ? 'attention' : 'mamba'))

test.each([
  ['Llama 3.2 1B', 'llama', { ...shape(2048, 16, 32, 8, 8192, 128_256), tie_word_embeddings: true }, 1_235_814_400],
  ['Llama 3.1 405B', 'llama', shape(16384, 126, 128, 8, 53248, 128_256), 405_853_388_800],
  ['Mistral NeMo 12B', 'mistral', { ...shape(5120, 40, 32, 8, 14336, 131_072), head_dim: 128 }, 12_247_782_400],
  ['SmolLM3 3B', 'smollm3', {}, 3_075_098_624],
  ['Phi-2', 'phi', shape(2560, 32, 32, 32, 10240, 51200), 2_779_683_840],
  ['Phi-3-mini', 'phi3', {}, 3_821_079_552],
  ['Gemma 2B', 'gemma', { ...shape(2048, 18, 8, 1, 16384, 256_000), head_dim: 256 }, 2_506_172_416],
  ['Gemma 7B', 'gemma', {}, 8_537_680_896],
  ['Gemma 2 2B', 'gemma2', {}, 2_614_341_888],
  ['Gemma 2 9B', 'gemma2', { ...shape(3584, 42, 16, 8, 14336, 256_000), head_dim: 256 }, 9_241_705_984],
  ['Gemma 2 27B', 'gemma2', { ...shape(4608, 46, 32, 16, 36864, 256_000), head_dim: 128 }, 27_227_128_320],
  ['Gemma 3 1B', 'gemma3_text', { ...shape(1152, 26, 4, 1, 6912, 262_144), head_dim: 256 }, 999_885_952],
  ['OLMo 1B', 'olmo', { ...shape(2048, 16, 16, 16, 8192, 50304), tie_word_embeddings: true }, 1_176_764_416],
  ['OLMo 2 7B', 'olmo2', shape(4096, 32, 32, 32, 11008, 100_352), 7_298_617_344],
  ['Falcon 7B', 'falcon', {}, 6_921_720_704],
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
  ['Pythia 1B', 'gpt_neox', shape(2048, 16, 8, 8, 8192, 50304), 1_011_781_632],
  ['Pythia 6.9B', 'gpt_neox', shape(4096, 32, 32, 32, 16384, 50432), 6_857_302_016],
  ['GPT-2 medium', 'gpt2', { n_embd: 1024, n_layer: 24, n_head: 16 }, 354_823_168],
  ['BERT large', 'bert', shape(1024, 24, 16, 16, 4096, 30522), 335_141_888],
  ['T5 small', 't5', {}, 60_506_624],
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
  ['NLLB 600M', 'm2m_100', { vocab_size: 256_206 }, 615_073_792],
  ['Qwen2.5 0.5B', 'qwen2', { ...shape(896, 24, 14, 2, 4864, 151_936), tie_word_embeddings: true }, 494_032_768],
  ['Qwen2.5 7B', 'qwen2', shape(3584, 28, 28, 4, 18944, 152_064), 7_615_616_512],
  ['Qwen3 0.6B', 'qwen3', { ...shape(1024, 28, 16, 8, 3072, 151_936), tie_word_embeddings: true }, 596_049_920],
  ['ERNIE 4.5 0.3B', 'ernie4_5', {}, 360_748_032],
  ['Mixtral 8x22B', 'mixtral', shape(6144, 56, 48, 8, 16384, 32000), 140_620_634_112],
  ['gpt-oss-120b', 'gpt_oss', {}, 116_829_156_672],
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
  ['Llama 4 Scout', 'llama4_text', {}, 107_769_861_120],
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
  ['Phi-3.5-MoE', 'phimoe', { attention_bias: true, lm_head_bias: true }, 41_873_153_344]
])('%s', (_, model_type, keys, total) => {
  expect(countDescription(readDescription({ model_type, ...keys })).total).toBe(total)
})

test('the hub counts multi-token prediction and its copies of embedding and head', () => {
  const air = countDescription(
    readDescription({
      model_type: 'glm4_moe',
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
