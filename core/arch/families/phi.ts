/** Phi and Phi-3.5-MoE. */
import { denseNetwork, moeNetwork } from '../describe/parts'
import { family } from './family'
import { decoderKeys, flag, size, sizeOrNull } from './keys'
import { attentionOf, block, checkTopK, decoder } from './parts'

/**
 * Li et al. 2023 (arXiv 2309.05463); defaults and structure of PhiConfig and modeling_phi.py of transformers: attention
 * and feed-forward side by side after one LayerNorm, biases everywhere, also on the output projection.
 */
export const phi = family(
  ['phi'],
  decoderKeys({ vocabulary: 51200, width: 2048, layers: 24, heads: 32, context: 2048 }).extend({
    intermediate_size: size(8192),
    qk_layernorm: flag(false)
  }),
  (config, modelType) =>
    decoder(
      modelType,
      config,
      () =>
        block(
          attentionOf(config, { bias: 'all', queryKeyNorm: config.qk_layernorm ? 'headWithBias' : 'none' }),
          denseNetwork({ width: config.intermediate_size, gated: false, bias: true }),
          { norm: 'layer', norms: 1 }
        ),
      { finalNorm: 'layer', outputBias: true }
    )
)

/** Abdin et al. 2024 (arXiv 2404.14219); defaults of PhimoeConfig. `intermediate_size` is that of one expert. */
export const phimoe = family(
  ['phimoe'],
  decoderKeys({
    vocabulary: 32064,
    width: 4096,
    layers: 32,
    heads: 32,
    keyValueHeads: 8,
    context: 131_072
  }).extend({
    intermediate_size: size(6400),
    num_local_experts: size(16),
    num_experts_per_tok: size(2),
    attention_bias: flag(false),
    lm_head_bias: flag(false),
    sliding_window: sizeOrNull()
  }),
  (config, modelType) => {
    const moe = moeNetwork({
      experts: config.num_local_experts,
      topK: config.num_experts_per_tok,
      expertWidth: config.intermediate_size
    })
    checkTopK('num_experts_per_tok', moe)
    const bias = config.attention_bias ? 'all' : 'none'
    // A window as long as the context, as Phi-3.5-MoE has it, never closes.
    const window = (config.sliding_window ?? 0) < (config.max_position_embeddings ?? 0) ? config.sliding_window : null
    return decoder(modelType, config, () => block(attentionOf(config, { bias, window }), moe, { norm: 'layer' }), {
      finalNorm: 'layer',
      outputBias: config.lm_head_bias
    })
  }
)
