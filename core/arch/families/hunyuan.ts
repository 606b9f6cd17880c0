import { z } from 'zod'
import { expected } from '../describe/config-keys'
import { denseNetwork, moeNetwork } from '../describe/parts'
import { family } from './family'
import { count, decoderKeys, flag, listOrNull, size } from './keys'
import { attentionOf, block, checkTopK, decoder, entryOf } from './parts'

/** A number for all layers or a list with one for each. */
const perLayer = (entry: z.ZodType<number>) => {
  const what = 'a positive integer or a list of them, one for each layer'
  return z.union([entry, listOrNull(entry, what)], expected(what))
}

/**
 * Hunyuan-Large (arXiv 2411.02265) and Hunyuan-A13B (modeling_hunyuan.py of the checkpoints; defaults of HunYuanMoEV1Config
 * and HunYuanDenseV1Config of transformers): one shared expert unless `use_mixed_mlp_moe` is false, norms of heads. With
 * cross-layer attention only every `cla_share_factor`-th layer has keys and values.
 */
export const hunyuan = family(
  ['hunyuan', 'hunyuan_v1_moe', 'hunyuan_v1_dense'],
  decoderKeys({ vocabulary: 290_943, width: 4096, layers: 32, heads: 32, context: 2048 }).extend({
    intermediate_size: size(11008),
    moe_intermediate_size: perLayer(size()).default(null),
    num_experts: perLayer(size()).default(1),
    moe_topk: perLayer(size()).default(1),
    num_shared_expert: perLayer(count()).default(1),
    moe_layer_num_skipped: count(0),
    use_mixed_mlp_moe: flag(true),
    use_cla: flag(false),
    cla_share_factor: size(1),
    use_qk_norm: flag(true),
    attention_bias: flag(false),
    mlp_bias: flag(false)
  }),
  (config, modelType) => {
    const { num_hidden_layers: layers, use_cla: crossLayer, cla_share_factor: factor } = config
    const at = (key: string, value: number | readonly number[] | null, layer: number, fallback: number): number =>
      typeof value === 'number' ? value : value === null ? fallback : entryOf(key, value, layer, layers)
    const dense = denseNetwork({ width: config.intermediate_size, bias: config.mlp_bias })
    return decoder(modelType, config, (layer) => {
      const attention = attentionOf(config, {
        bias: config.attention_bias ? 'all' : 'none',
        queryKeyNorm: config.use_qk_norm ? 'head' : 'none',
        source: crossLayer && layer % factor !== 0 ? 'earlierLayer' : 'own'
      })
      const experts = at('num_experts', config.num_experts, layer, 1)
      const isDense = experts === 1 && modelType !== 'hunyuan_v1_moe'
      if (isDense || layer < config.moe_layer_num_skipped) return block(attention, dense)
      const width = at('moe_intermediate_size', config.moe_intermediate_size, layer, config.intermediate_size)
      const moe = moeNetwork({
        experts,
        topK: at('moe_topk', config.moe_topk, layer, 1),
        expertWidth: width,
        expertBias: config.mlp_bias,
        sharedExperts: config.use_mixed_mlp_moe ? at('num_shared_expert', config.num_shared_expert, layer, 1) : 0,
        sharedExpertWidth: width
      })
      checkTopK('moe_topk', moe)
      return block(attention, moe)
    })
  }
)
