/** The config.json of what Moescope trains and runs. */

import { groupedSettings } from '../routers/grouped'
import { type Architecture, moeLayers } from './architecture'
import { ConfigError } from './describe/config-error'
import { firstDifference } from './first-difference'
import { ownKeys } from './own-keys'
import { writeScaling } from './rotary-scaling'
import { readConfig } from './runnable'

/**
 * The config.json of an architecture, with the keys that transformers and what follows its conventions expect; for what
 * these do not know, with those of `own-keys.ts`.
 * Throws `ConfigError` when the model type cannot express the architecture, for example layers of different widths.
 */
export function writeConfig(architecture: Architecture): Record<string, unknown> {
  const config = { ...writeCommon(architecture), ...writeKind(architecture), ...ownKeys(architecture) }
  const [path, expected, expressed] = firstDifference(architecture, readConfig(config)) ?? []
  if (path !== undefined) {
    throw new ConfigError(
      `a ${architecture.modelType} config.json cannot express this architecture: ` +
        `${path} is ${JSON.stringify(expected)}, and would be read back as ${JSON.stringify(expressed)}`
    )
  }
  return config
}

const classNames = {
  llama: 'LlamaForCausalLM',
  granite: 'GraniteForCausalLM',
  mistral: 'MistralForCausalLM',
  qwen2: 'Qwen2ForCausalLM',
  qwen3: 'Qwen3ForCausalLM',
  mixtral: 'MixtralForCausalLM',
  olmoe: 'OlmoeForCausalLM',
  granitemoe: 'GraniteMoeForCausalLM',
  qwen2_moe: 'Qwen2MoeForCausalLM',
  qwen3_moe: 'Qwen3MoeForCausalLM',
  glm4_moe: 'Glm4MoeForCausalLM',
  deepseek_v2: 'DeepseekV2ForCausalLM',
  deepseek_v3: 'DeepseekV3ForCausalLM',
  gpt_oss: 'GptOssForCausalLM'
}

function writeCommon(architecture: Architecture): Record<string, unknown> {
  const attention = architecture.layers[0]?.attention
  return {
    architectures: [classNames[architecture.modelType]],
    model_type: architecture.modelType,
    vocab_size: architecture.vocabularySize,
    hidden_size: architecture.width,
    num_hidden_layers: architecture.layers.length,
    num_attention_heads: attention?.heads,
    num_key_value_heads: attention?.keyValueHeads,
    head_dim: attention?.headSize,
    hidden_act: 'silu',
    max_position_embeddings: architecture.context,
    rms_norm_eps: architecture.normEpsilon,
    rope_theta: architecture.ropeTheta,
    rope_scaling: architecture.ropeScaling ? writeScaling(architecture.ropeScaling) : null,
    tie_word_embeddings: architecture.tiedEmbeddings,
    attention_dropout: 0,
    initializer_range: 0.02,
    use_cache: true,
    bos_token_id: null,
    eos_token_id: null,
    pad_token_id: null,
    torch_dtype: 'float32'
  }
}

function writeKind(architecture: Architecture): Record<string, unknown> {
  const feedForwards = architecture.layers.map((layer) => layer.feedForward)
  const dense = feedForwards.find((feedForward) => feedForward.kind === 'dense')
  const moe = feedForwards.find((feedForward) => feedForward.kind === 'moe')
  const attention = architecture.layers[0]?.attention
  const attentionBias = attention?.outputBias ?? false
  const experts = { num_experts_per_tok: moe?.topK, output_router_logits: false }
  const gates = { norm_topk_prob: moe?.router.normalise_gates }
  switch (architecture.modelType) {
    case 'llama':
      return { intermediate_size: dense?.width, attention_bias: attentionBias, mlp_bias: false }
    case 'granite':
      return {
        intermediate_size: dense?.width,
        attention_bias: attentionBias,
        mlp_bias: false,
        ...multiplierKeys(architecture)
      }
    case 'mistral':
      return { intermediate_size: dense?.width, ...windowKeys(architecture) }
    case 'qwen2':
      return { intermediate_size: dense?.width, ...windowKeys(architecture, true) }
    case 'qwen3':
      return { intermediate_size: dense?.width, attention_bias: attentionBias, ...windowKeys(architecture, true) }
    case 'mixtral':
      return {
        intermediate_size: moe?.expertWidth,
        num_local_experts: moe?.experts,
        num_experts_per_tok: moe?.topK,
        sliding_window: attention?.window ?? null,
        output_router_logits: false
      }
    case 'olmoe':
      return {
        intermediate_size: moe?.expertWidth,
        num_experts: moe?.experts,
        ...experts,
        ...gates,
        attention_bias: attentionBias,
        clip_qkv: null
      }
    case 'granitemoe':
      return {
        intermediate_size: moe?.expertWidth,
        num_local_experts: moe?.experts,
        ...experts,
        attention_bias: attentionBias,
        ...multiplierKeys(architecture)
      }
    case 'gpt_oss':
      return {
        intermediate_size: moe?.expertWidth,
        num_local_experts: moe?.experts,
        ...experts,
        attention_bias: attentionBias,
        rope_parameters: { rope_type: 'default', rope_theta: architecture.ropeTheta },
        ...windowKeys(architecture)
      }
    case 'glm4_moe':
      return {
        ...fineGrainedKeys(architecture),
        attention_bias: attention?.projectionBias,
        use_qk_norm: attention?.queryKeyNorm === 'head',
        partial_rotary_factor: (attention?.rotarySize ?? attention?.headSize ?? 1) / (attention?.headSize ?? 1)
      }
    case 'deepseek_v2':
    case 'deepseek_v3': {
      const { queryRank, keyValueRank, rotarySize = 0, valueSize, interleaved = false } = attention?.latent ?? {}
      return {
        ...fineGrainedKeys(architecture),
        head_dim: rotarySize,
        q_lora_rank: queryRank ?? null,
        kv_lora_rank: keyValueRank,
        qk_nope_head_dim: (attention?.headSize ?? 0) - rotarySize,
        qk_rope_head_dim: rotarySize,
        v_head_dim: valueSize,
        attention_bias: attentionBias,
        ...(architecture.modelType === 'deepseek_v3' && { rope_interleave: interleaved })
      }
    }
    case 'qwen2_moe':
    case 'qwen3_moe': {
      const sparse = moeLayers(architecture)
      const hasShared = architecture.modelType === 'qwen2_moe'
      return {
        // Unused when every layer has experts; then as Qwen1.5-MoE has it, the width of the experts a token visits.
        intermediate_size: dense?.width ?? (moe && moe.topK * moe.expertWidth),
        num_experts: moe?.experts ?? 0,
        num_experts_per_tok: moe?.topK,
        moe_intermediate_size: moe?.expertWidth,
        ...(hasShared && { shared_expert_intermediate_size: moe?.sharedWidth }),
        ...gates,
        decoder_sparse_step: 1,
        mlp_only_layers: moe ? [...feedForwards.keys()].filter((layer) => !sparse.includes(layer)) : [],
        ...(hasShared ? { qkv_bias: attention?.projectionBias } : { attention_bias: attentionBias }),
        ...windowKeys(architecture, true),
        output_router_logits: false
      }
    }
  }
}

/** Dense layers, then experts behind a router with groups. */
function fineGrainedKeys({ layers, modelType }: Architecture): Record<string, unknown> {
  const feedForwards = layers.map(({ feedForward }) => feedForward)
  const dense = feedForwards.find((each) => each.kind === 'dense')
  const moe = feedForwards.find((each) => each.kind === 'moe')
  const settings = moe && groupedSettings(moe)
  const isLimited = (settings?.n_group ?? 1) > 1
  return {
    intermediate_size: dense?.width ?? moe?.expertWidth,
    moe_intermediate_size: moe?.expertWidth ?? dense?.width,
    n_routed_experts: moe?.experts ?? 0,
    // One feed-forward, as wide as so many experts.
    n_shared_experts: moe ? moe.sharedWidth / moe.expertWidth : 0,
    num_experts_per_tok: moe?.topK ?? 1,
    first_k_dense_replace: feedForwards.filter(({ kind }) => kind === 'dense').length,
    n_group: settings?.n_group ?? 1,
    topk_group: settings?.topk_group ?? 1,
    norm_topk_prob: settings?.normalise_gates ?? false,
    routed_scaling_factor: settings?.routed_scaling_factor ?? 1,
    ...(modelType === 'deepseek_v2' && { topk_method: isLimited ? 'group_limited_greedy' : 'greedy' })
  }
}

function multiplierKeys({ multipliers }: Architecture): Record<string, unknown> {
  if (!multipliers) return {}
  return {
    embedding_multiplier: multipliers.embedding,
    attention_multiplier: multipliers.attention,
    residual_multiplier: multipliers.residual,
    logits_scaling: multipliers.logitsDivisor
  }
}

/** The window of attention and the layers that have it, where any has. */
function windowKeys({ layers }: Architecture, canBeOff = false): Record<string, unknown> {
  const windows = layers.map(({ attention }) => attention.window)
  const window = windows.find((each) => each !== undefined)
  const isOn = canBeOff ? { use_sliding_window: window !== undefined } : {}
  if (window === undefined) return canBeOff ? isOn : { sliding_window: null }
  const types = windows.map((each) => (each === undefined ? 'full_attention' : 'sliding_attention'))
  return { ...isOn, sliding_window: window, layer_types: types }
}
