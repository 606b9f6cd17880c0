/** Inkling: short convolutions within attention. */
import { listed } from '../describe/parts'
import { family } from './family'
import { describeFineGrained, sparseDefaults } from './fine-grained'
import { decoderKeys, layerIndices, layers, size, wordsOrNull } from './keys'
import { attentionOf, entryOf } from './parts'

/** Inkling: short convolutions after keys, values and both parts, relative positions by projection, gated experts. */
export const inkling = family(
  ['inkling_text', 'inkling', 'inkling_mm_model'],
  decoderKeys({
    vocabulary: 201_024,
    width: 6144,
    heads: 64,
    keyValueHeads: 8,
    headSize: 128,
    context: 131_072
  }).extend({
    ...sparseDefaults({ feedForward: 24576, expertWidth: 3072, experts: 256, topK: 6, shared: 2 }),
    num_hidden_layers: layers(66),
    swa_num_attention_heads: size(64),
    swa_num_key_value_heads: size(16),
    swa_head_dim: size(128),
    sliding_window_size: size(512),
    d_rel: size(16),
    rel_extent: size(1024),
    conv_kernel_size: size(4),
    local_layer_ids: layerIndices,
    layer_types: wordsOrNull('hybrid', 'hybrid_sliding')
  }),
  (config, modelType) => {
    const { num_hidden_layers: length, layer_types: types, local_layer_ids: local, conv_kernel_size: kernel } = config
    const full = attentionOf(config, { queryKeyNorm: 'head' })
    const slides = attentionOf(
      {
        ...config,
        num_attention_heads: config.swa_num_attention_heads,
        num_key_value_heads: config.swa_num_key_value_heads,
        head_dim: config.swa_head_dim
      },
      { queryKeyNorm: 'head', window: config.sliding_window_size }
    )
    const isLocal = (layer: number): boolean => {
      if (layer >= length) return false
      if (types) return entryOf('layer_types', types, layer, length) === 'hybrid_sliding'
      return local?.includes(layer) ?? (layer + 1) % 6 !== 0
    }
    const shared = config.n_shared_experts ?? 0
    // The router also scores the shared experts.
    const sinks = shared
    return describeFineGrained(modelType, config, (layer) => (isLocal(layer) ? slides : full), {
      routerBias: true,
      block: (sparse, layer) => {
        const { heads, keyValueHeads, headSize, window } = isLocal(layer) ? slides : full
        const extent = window ?? config.rel_extent
        return {
          extras: [
            listed('attention', 'relative positions', heads * config.d_rel, 'width'),
            listed('attention', 'logits of relative positions', config.d_rel, extent),
            listed('attention', 'convolutions of keys and values', 2 * keyValueHeads * headSize, kernel),
            { ...listed('other', 'convolutions after the parts', 'width', kernel), copies: 2 },
            ...(sparse
              ? [
                  listed('router', 'scale', 1),
                  ...(sinks > 0 ? [listed('router', 'sinks of the shared experts', sinks, 'width')] : [])
                ]
              : [])
          ]
        }
      },
      model: { embeddingNorm: 'rms' }
    })
  }
)
