import { denseNetwork, moeNetwork } from '../describe/parts'
import { family } from './family'
import { count, decoderKeys, flag, layerIndices, listOrNull, size, sizeOrNull, wordsOrNull } from './keys'
import { attentionOf, block, checkTopK, decoder, entryOf } from './parts'

/**
 * Llama 4, the language model; defaults and structure of Llama4TextConfig of transformers. Expert widths are
 * `intermediate_size`, dense ones `intermediate_size_mlp`; one shared expert; norms of heads have no weights. Layers with
 * rotary positions attend within chunks, the others, each fourth, to everything.
 */
export const llama4 = family(
  ['llama4_text', 'llama4'],
  decoderKeys({
    vocabulary: 202_048,
    width: 5120,
    layers: 48,
    heads: 40,
    keyValueHeads: 8,
    headSize: 128,
    context: 131_072
  }).extend({
    intermediate_size: size(8192),
    intermediate_size_mlp: size(16384),
    num_local_experts: size(16),
    num_experts_per_tok: size(1),
    interleave_moe_layer_step: size(1),
    moe_layers: layerIndices,
    attention_bias: flag(false),
    attention_chunk_size: sizeOrNull(8192),
    no_rope_layers: listOrNull(count(), 'a list of 0 and 1'),
    no_rope_layer_interval: size(4),
    layer_types: wordsOrNull('full_attention', 'chunked_attention')
  }),
  (config, modelType) => {
    const { num_hidden_layers: layers, layer_types: types, no_rope_layers: rotary } = config
    const moe = moeNetwork({
      experts: config.num_local_experts,
      topK: config.num_experts_per_tok,
      expertWidth: config.intermediate_size,
      sharedExperts: 1,
      sharedExpertWidth: config.intermediate_size
    })
    checkTopK('num_experts_per_tok', moe)
    const dense = denseNetwork({ width: config.intermediate_size_mlp })
    const isChunked = (layer: number): boolean => {
      if (types) return entryOf('layer_types', types, layer, layers) === 'chunked_attention'
      // Despite its name the list has 1 where there are rotary positions; an empty one means the interval.
      if (rotary && rotary.length > 0) return entryOf('no_rope_layers', rotary, layer, layers) > 0
      return (layer + 1) % config.no_rope_layer_interval !== 0
    }
    const hasExperts = (layer: number): boolean =>
      config.moe_layers?.includes(layer) ?? (layer + 1) % config.interleave_moe_layer_step === 0
    return decoder(modelType, config, (layer) =>
      block(
        attentionOf(config, {
          bias: config.attention_bias ? 'all' : 'none',
          window: isChunked(layer) ? config.attention_chunk_size : null
        }),
        hasExperts(layer) ? moe : dense
      )
    )
  }
)
