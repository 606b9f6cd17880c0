/** Qwen3-Next and Qwen3.5: three layers of Gated DeltaNet to one of gated attention. */
import type { Block, FeedForward, PredictionModule } from '../describe/description'
import { denseNetwork, moeNetwork } from '../describe/parts'
import { family } from './family'
import { count, decoderKeys, flag, layerIndices, predictionSteps, size, wordsOrNull } from './keys'
import { attentionOf, block, checkTopK, decoder, deltaNetOf, entryOf, type HeadKeys } from './parts'

const hybridKeys = (defaults: Parameters<typeof decoderKeys>[0]) =>
  decoderKeys({ heads: 16, keyValueHeads: 2, headSize: 256, context: 32_768, ...defaults }).extend({
    linear_conv_kernel_dim: size(4),
    linear_key_head_dim: size(128),
    linear_value_head_dim: size(128),
    linear_num_key_heads: size(16),
    linear_num_value_heads: size(32),
    full_attention_interval: size(4),
    layer_types: wordsOrNull('full_attention', 'linear_attention'),
    attention_bias: flag(false),
    attn_output_gate: flag(true),
    num_nextn_predict_layers: predictionSteps,
    mtp_num_hidden_layers: predictionSteps
  })

const moeKeys = (defaults: { readonly experts: number; readonly topK: number }) => ({
  moe_intermediate_size: size(512),
  shared_expert_intermediate_size: count(512),
  num_experts: count(defaults.experts),
  num_experts_per_tok: size(defaults.topK)
})

type HybridKeys = ReturnType<ReturnType<typeof hybridKeys>['parse']>

/** Gated attention: queries are projected twice, once for the gate (Qwen3NextAttention of transformers). */
function attentionBlock(config: HybridKeys, feedForward: FeedForward): Block {
  const bias = config.attention_bias ? 'all' : 'none'
  const attention = attentionOf(config satisfies HeadKeys, {
    bias,
    queryKeyNorm: 'head',
    outputGate: config.attn_output_gate
  })
  return block(attention, feedForward)
}

function hybridBlock(config: HybridKeys, layer: number, feedForward: FeedForward): Block {
  const { layer_types: types, num_hidden_layers: layers, full_attention_interval: interval } = config
  const full = types ? entryOf('layer_types', types, layer, layers) === 'full_attention' : (layer + 1) % interval === 0
  return full ? attentionBlock(config, feedForward) : block(deltaNetOf(config), feedForward)
}

/** One projection for all layers of multi-token prediction, which have full attention; three norms besides theirs. */
function prediction(config: HybridKeys, feedForward: FeedForward): PredictionModule[] {
  const layers = Math.max(config.num_nextn_predict_layers ?? 0, config.mtp_num_hidden_layers ?? 0)
  if (layers === 0) return []
  const blocks = Array.from({ length: layers }, () => attentionBlock(config, feedForward))
  return [{ blocks, projections: 1, norm: 'rms', norms: 3 }]
}

function sparseNetwork(config: {
  readonly num_experts: number
  readonly num_experts_per_tok: number
  readonly moe_intermediate_size: number
  readonly shared_expert_intermediate_size: number
}): FeedForward {
  const moe = moeNetwork({
    experts: config.num_experts,
    topK: config.num_experts_per_tok,
    expertWidth: config.moe_intermediate_size,
    sharedExperts: config.shared_expert_intermediate_size > 0 ? 1 : 0,
    sharedExpertWidth: config.shared_expert_intermediate_size,
    sharedGate: true
  })
  if (config.num_experts > 0) checkTopK('num_experts_per_tok', moe)
  return moe
}

/** Defaults and structure of Qwen3NextConfig and modeling_qwen3_next.py of transformers. */
export const qwen3Next = family(
  ['qwen3_next'],
  hybridKeys({ vocabulary: 151_936, width: 2048, layers: 48 }).extend({
    intermediate_size: size(5632),
    decoder_sparse_step: size(1),
    mlp_only_layers: layerIndices,
    ...moeKeys({ experts: 512, topK: 10 })
  }),
  (config, modelType) => {
    const moe = sparseNetwork(config)
    const dense = denseNetwork({ width: config.intermediate_size })
    const feedForward = (layer: number) => {
      const sparse = config.num_experts > 0 && (layer + 1) % config.decoder_sparse_step === 0
      return sparse && !config.mlp_only_layers?.includes(layer) ? moe : dense
    }
    return decoder(modelType, config, (layer) => hybridBlock(config, layer, feedForward(layer)), {
      multiTokenPrediction: prediction(config, moe)
    })
  }
)

/** Defaults and structure of Qwen3_5MoeTextConfig and modeling_qwen3_5_moe.py of transformers: experts in all layers. */
export const qwen35Moe = family(
  ['qwen3_5_moe_text', 'qwen3_5_moe'],
  hybridKeys({ vocabulary: 248_320, width: 2048, layers: 40 }).extend({
    ...moeKeys({ experts: 256, topK: 8 }),
    num_experts: size(256)
  }),
  (config, modelType) => {
    const moe = sparseNetwork(config)
    return decoder(modelType, config, (layer) => hybridBlock(config, layer, moe), {
      multiTokenPrediction: prediction(config, moe)
    })
  }
)

/** The dense Qwen3.5 (Qwen3_5TextConfig of transformers). */
export const qwen35 = family(
  ['qwen3_5_text', 'qwen3_5'],
  hybridKeys({ vocabulary: 248_320, width: 4096, layers: 32, keyValueHeads: 4 }).extend({
    intermediate_size: size(12288)
  }),
  (config, modelType) => {
    const dense = denseNetwork({ width: config.intermediate_size })
    return decoder(modelType, config, (layer) => hybridBlock(config, layer, dense), {
      multiTokenPrediction: prediction(config, dense)
    })
  }
)
