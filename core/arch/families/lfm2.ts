/** Liquid's LFM2: short convolutions and attention. */

import { z } from 'zod'
import type { Mixer } from '../describe/description'
import { denseNetwork, listed, listedMixer } from '../describe/parts'
import { family } from './family'
import { describeFineGrained, sparseDefaults } from './fine-grained'
import { decoderKeys, flag, layerIndices, layers, size, sizeOrNull, wordsOrNull } from './keys'
import { attentionOf, block, decoder, entryOf } from './parts'

/** The short convolution of LFM2 (arXiv 2511.23404): two gates around it. */
function shortConvolution(kernel: number, bias: boolean, width: number): Mixer {
  return listedMixer(
    'gated short convolution',
    [
      { ...listed('linearAttention', 'input and gates', 'width', 'width'), copies: 3 },
      listed('linearAttention', 'convolution', 'width', kernel),
      listed('linearAttention', 'output', 'width', 'width'),
      ...(bias ? [{ ...listed('linearAttention', 'convolution biases', 'width'), copies: 5 }] : [])
    ],
    { convolutionSize: width * kernel }
  )
}

const lfmKeys = {
  conv_L_cache: size(3),
  conv_bias: flag(false),
  full_attn_idxs: layerIndices,
  layer_types: wordsOrNull('conv', 'full_attention')
}

interface LfmKeys {
  readonly num_hidden_layers: number
  readonly layer_types: readonly string[] | null
  readonly full_attn_idxs: readonly number[] | null
}

function attendsIn(
  { layer_types: types, full_attn_idxs: places, num_hidden_layers: length }: LfmKeys,
  layer: number
): boolean {
  if (types) return entryOf('layer_types', types, layer, length) === 'full_attention'
  return places?.includes(layer) ?? true
}

/** LFM2, dense: the width of its feed-forwards is 2/3 of the key, rounded up, unless a flag says not. */
export const lfm2 = family(
  ['lfm2'],
  decoderKeys({
    vocabulary: 65536,
    width: 2560,
    layers: 32,
    heads: 32,
    keyValueHeads: 8,
    context: 128_000,
    tied: true
  }).extend({
    ...lfmKeys,
    intermediate_size: sizeOrNull(),
    block_ff_dim: sizeOrNull(),
    block_multiple_of: size(256),
    block_ffn_dim_multiplier: z.number().positive().nullable().default(1),
    block_auto_adjust_ff_dim: flag(true)
  }),
  (config, modelType) => {
    const { block_multiple_of: multiple, block_ffn_dim_multiplier: factor } = config
    const key = config.intermediate_size ?? config.block_ff_dim ?? 12288
    const adjusted = multiple * Math.ceil(Math.floor((factor ?? 1) * Math.floor((2 * key) / 3)) / multiple)
    const network = denseNetwork({ width: config.block_auto_adjust_ff_dim ? adjusted : key })
    const attention = attentionOf(config, { queryKeyNorm: 'head' })
    const convolution = shortConvolution(config.conv_L_cache, config.conv_bias, config.hidden_size)
    return decoder(modelType, config, (layer) => block(attendsIn(config, layer) ? attention : convolution, network))
  }
)

/** LFM2 with experts; the first layers are dense. */
export const lfm2Moe = family(
  ['lfm2_moe'],
  decoderKeys({ vocabulary: 65536, width: 2048, heads: 32, keyValueHeads: 8, context: 128_000, tied: true }).extend({
    ...sparseDefaults({ feedForward: 7168, expertWidth: 1792, experts: 32, topK: 4, firstDense: 2 }),
    ...lfmKeys,
    num_hidden_layers: layers(32),
    use_expert_bias: flag(true)
  }),
  (config, modelType) => {
    const attention = attentionOf(config, { queryKeyNorm: 'head' })
    const convolution = shortConvolution(config.conv_L_cache, config.conv_bias, config.hidden_size)
    return describeFineGrained(
      modelType,
      config,
      (layer) => (layer < config.num_hidden_layers && !attendsIn(config, layer) ? convolution : attention),
      { routerBias: config.use_expert_bias }
    )
  }
)
