/** ZAYA1: attention on compressed heads. */
import type { ListedWeights } from '../describe/description'
import { listed, listedMixer, moeNetwork } from '../describe/parts'
import { family } from './family'
import { decoderKeys, flag, size, sizeOrNull, wordsOrNull } from './keys'
import { attentionOf, block, checkTopK, decoder } from './parts'

/** Zyphra's ZAYA1 (arXiv 2511.17127): compressed convolutional attention, routers that are small networks, scaled residuals. */
export const zaya = family(
  ['zaya'],
  decoderKeys({
    vocabulary: 262_272,
    width: 2048,
    layers: 40,
    heads: 8,
    keyValueHeads: 2,
    headSize: 128,
    context: 131_072,
    tied: true
  }).extend({
    moe_intermediate_size: size(2048),
    num_experts: size(16),
    num_experts_per_tok: size(1),
    router_hidden_size: size(256),
    cca_time0: size(2),
    cca_time1: size(2),
    attention_bias: flag(false),
    lm_head_bias: flag(false),
    sliding_window: sizeOrNull(),
    layer_types: wordsOrNull('hybrid', 'hybrid_sliding')
  }),
  (config, modelType) => {
    const { heads, keyValueHeads, headSize } = attentionOf(config)
    const { router_hidden_size: routerWidth, num_experts: experts } = config
    const [queries, keys] = [heads * headSize, keyValueHeads * headSize]
    const both = queries + keys
    const attention = listedMixer(
      'compressed convolutional attention',
      [
        listed('attention', 'queries', queries, 'width'),
        listed('attention', 'keys and values', 2 * keys, 'width'),
        listed('attention', 'attention output', 'width', queries),
        ...(config.attention_bias
          ? [listed('attention', 'biases', both + keys), listed('attention', 'attention output bias', 'width')]
          : []),
        listed('attention', 'convolution of queries and keys', both, config.cca_time0),
        {
          ...listed('attention', 'convolution of each head', headSize, headSize * config.cca_time1),
          copies: heads + keyValueHeads
        },
        listed('attention', 'convolution biases', 2 * both),
        listed('norms', 'temperatures', keyValueHeads)
      ],
      {
        cachedValues: 2 * keys,
        pairMultiplyAdds: 2 * queries,
        convolutionSize: both * (config.cca_time0 + config.cca_time1)
      }
    )
    const moe = moeNetwork({ experts, topK: config.num_experts_per_tok, expertWidth: config.moe_intermediate_size })
    checkTopK('num_experts_per_tok', moe)
    const router = (layer: number): ListedWeights[] => [
      listed('router', 'router into its width', routerWidth, 'width'),
      listed('router', 'router biases', 4 * routerWidth),
      { ...listed('router', 'router layers', routerWidth, routerWidth), copies: 2 },
      listed('router', 'router logits', experts + 1, routerWidth),
      listed('router', 'balancing biases', experts + 1),
      ...(layer > 0 ? [listed('router', 'scale of the last router', routerWidth)] : [])
    ]
    const residual = { ...listed('norms', 'scales and biases of the residual', 'width'), copies: 8 }
    // The plain router of the experts is not there: its network stands among the extras.
    return decoder(
      modelType,
      config,
      (layer) => ({ ...block(attention, { ...moe, routerMatrix: false }), extras: [...router(layer), residual] }),
      {
        outputBias: config.lm_head_bias,
        extras: [{ ...listed('norms', 'scale and bias of the embedding', 'width'), copies: 2 }]
      }
    )
  }
)
