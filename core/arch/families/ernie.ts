import { z } from 'zod'
import { expected } from '../describe/config-keys'
import { denseNetwork, moeNetwork } from '../describe/parts'
import { family } from './family'
import { prediction } from './fine-grained'
import { count, decoderKeys, flag, predictionSteps, size } from './keys'
import { attentionOf, block, checkTopK, decoder } from './parts'

const ernieDefaults = { vocabulary: 103_424, context: 131_072, tied: true }

/** ERNIE 4.5, dense; defaults of Ernie4_5Config. */
export const ernie = family(
  ['ernie4_5'],
  decoderKeys({ ...ernieDefaults, width: 1024, layers: 18, heads: 16, keyValueHeads: 2, headSize: 128 }).extend({
    intermediate_size: size(3072),
    use_bias: flag(false)
  }),
  (config, modelType) =>
    decoder(modelType, config, () =>
      block(
        attentionOf(config, { bias: config.use_bias ? 'all' : 'none' }),
        denseNetwork({ width: config.intermediate_size, bias: config.use_bias })
      )
    )
)

/**
 * ERNIE 4.5 with experts; defaults and structure of Ernie4_5_MoeConfig of transformers: experts from
 * `moe_layer_start_index` to `moe_layer_end_index` (-1: the last layer), each `moe_layer_interval`; a router bias; `use_bias` is of all but
 * the routed experts. The
 * blocks for multi-token prediction are dense, and the model's last norm is theirs too (ernie_mtp.py of vLLM).
 */
export const ernieMoe = family(
  ['ernie4_5_moe'],
  decoderKeys({ ...ernieDefaults, width: 2560, layers: 28, heads: 20, keyValueHeads: 4 }).extend({
    intermediate_size: size(12288),
    moe_intermediate_size: size(1536),
    moe_num_experts: count(64),
    moe_k: size(6),
    moe_num_shared_experts: count(2),
    moe_layer_start_index: count(1),
    moe_layer_end_index: z
      .union([z.literal(-1), count()], expected('the index of a layer, or -1 for the last'))
      .default(-1),
    moe_layer_interval: size(1),
    use_bias: flag(false),
    num_nextn_predict_layers: predictionSteps
  }),
  (config, modelType) => {
    const moe = moeNetwork({
      experts: config.moe_num_experts,
      topK: config.moe_k,
      expertWidth: config.moe_intermediate_size,
      routerBias: true,
      sharedExperts: config.moe_num_shared_experts,
      sharedExpertWidth: config.moe_intermediate_size,
      sharedBias: config.use_bias
    })
    if (config.moe_num_experts > 0) checkTopK('moe_k', moe)
    const dense = denseNetwork({ width: config.intermediate_size, bias: config.use_bias })
    const attention = attentionOf(config, { bias: config.use_bias ? 'all' : 'none' })
    const end = config.moe_layer_end_index === -1 ? config.num_hidden_layers - 1 : config.moe_layer_end_index
    return decoder(
      modelType,
      config,
      (layer) => {
        const within = layer >= config.moe_layer_start_index && layer <= end
        const sparse = config.moe_num_experts > 0 && within && (layer + 1) % config.moe_layer_interval === 0
        return block(attention, sparse ? moe : dense)
      },
      {
        outputBias: config.use_bias,
        multiTokenPrediction: prediction(config.num_nextn_predict_layers, () => block(attention, dense), { norms: 2 })
      }
    )
  }
)
