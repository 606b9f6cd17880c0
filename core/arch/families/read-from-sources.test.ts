/** Counts of kinds without a class of transformers, by the shapes of their own code. */
import { expect, test } from 'vitest'
import { countDescription } from '../count/parameters'
import { readDescription } from '../describe/read'

const total = (config: object) => countDescription(readDescription({ ...config })).total

/** Gate, up and down projection. */
const feedForward = (hidden: number, width: number) => 3 * hidden * width

test('Ring 2.5: lightning attention in four of five layers, latent attention in the fifth', () => {
  const [hidden, heads, head, layers, experts, width] = [2048, 16, 128, 20, 256, 512]
  const linear = hidden * 3 * heads * head + 2 * head + hidden * heads * head + heads * head + heads * head * hidden
  const latent =
    hidden * heads * (128 + 64) + hidden * (512 + 64) + 512 + 512 * heads * (128 + 128) + heads * 128 * hidden
  const moe = experts * hidden + experts + (experts + 1) * feedForward(hidden, width)
  const all =
    2 * 157_184 * hidden +
    hidden +
    layers * 2 * hidden +
    16 * linear +
    4 * latent +
    feedForward(hidden, 5120) +
    (layers - 1) * moe
  const config = {
    model_type: 'bailing_hybrid',
    hidden_size: hidden,
    num_attention_heads: heads,
    num_hidden_layers: layers
  }
  expect(total(config)).toBe(all)
  // A step of multi-token prediction: a latent layer, a projection of two states, three norms.
  const step = 2 * hidden + latent + moe + 2 * hidden * hidden + 3 * hidden
  const predicting = countDescription(readDescription({ ...config, num_nextn_predict_layers: 1 }))
  expect(predicting).toMatchObject({ total: all, multiTokenPrediction: step })
  // Of a group that is not full every layer is latent.
  expect(total({ ...config, num_hidden_layers: 22 })).toBe(all + 2 * (latent + 2 * hidden + moe))
})

test('Ling 3.0: Kimi Delta Attention of whole matrices, and a gate on latent attention', () => {
  const [hidden, heads, head, kernel, experts, width] = [16, 2, 8, 4, 8, 8]
  const inner = heads * head
  const delta = 5 * inner * hidden + 3 * inner * kernel + heads * hidden + heads + inner + head + hidden * inner
  const latent =
    12 * hidden +
    12 +
    heads * (8 + 4) * 12 +
    (10 + 4) * hidden +
    10 +
    heads * (8 + 8) * 10 +
    heads * hidden +
    hidden * heads * 8
  const moe = experts * hidden + experts + (experts + 1) * feedForward(hidden, width)
  const config = {
    model_type: 'bailing_hybrid',
    vocab_size: 32,
    hidden_size: hidden,
    intermediate_size: 24,
    num_hidden_layers: 8,
    num_attention_heads: heads,
    head_dim: head,
    num_experts: experts,
    num_experts_per_tok: 2,
    num_shared_experts: 1,
    moe_intermediate_size: width,
    moe_shared_expert_intermediate_size: 8,
    first_k_dense_replace: 1,
    q_lora_rank: 12,
    kv_lora_rank: 10,
    qk_nope_head_dim: 8,
    qk_rope_head_dim: 4,
    v_head_dim: 8,
    gated_attention_proj_granularity_type: 'head_wise',
    layer_group_size: 4,
    short_conv_kernel_size: kernel,
    no_kda_lora: true
  }
  expect(total(config)).toBe(
    2 * 32 * hidden + hidden + 8 * 2 * hidden + 6 * delta + 2 * latent + feedForward(hidden, 24) + 7 * moe
  )
})

test('Sarvam: DeepSeek-V3 by other names of its experts', () => {
  const shape = { vocab_size: 262_144, hidden_size: 4096, num_hidden_layers: 32, num_attention_heads: 64 }
  const others = { intermediate_size: 16384, first_k_dense_replace: 1, q_lora_rank: null }
  const deepseek = { model_type: 'deepseek_v3', ...shape, ...others, n_routed_experts: 128, n_shared_experts: 1 }
  const config = { model_type: 'sarvam_mla', ...shape }
  expect(total(config)).toBe(total(deepseek))
  expect(total({ ...config, num_experts: 64 })).toBe(total({ ...deepseek, n_routed_experts: 64 }))
  // Published as 106 B with 10.3 B active, the latter without embeddings.
  const { total: all, active } = countDescription(readDescription(config))
  expect(Math.round(all / 1e9)).toBe(106)
  expect((active.no_embedding / 1e9).toFixed(1)).toBe('10.3')
})
