import type { Block } from '../describe/description'
import { denseNetwork, listed } from '../describe/parts'
import { family } from './family'
import { decoderKeys, layerIndices, size } from './keys'
import { attentionOf, block, decoder } from './parts'
import { heads } from './plain'

/** Llama 3.2 Vision, the language model: layers that attend to the picture have no self-attention. */
export const mllama = family(
  ['mllama_text_model', 'mllama'],
  decoderKeys({ ...heads(4096, 40, 32, 128_256, 131_072), keyValueHeads: 8 }).extend({
    intermediate_size: size(14336),
    cross_attention_layers: layerIndices
  }),
  (config, modelType) => {
    const network = denseNetwork({ width: config.intermediate_size })
    const own = block(attentionOf(config), network)
    const crossing: Block = {
      ...block(attentionOf(config, { source: 'encoder', queryKeyNorm: 'head' }), network),
      extras: [listed('other', 'gates of attention and feed-forward', 2)]
    }
    const crosses = config.cross_attention_layers ?? [3, 8, 13, 18, 23, 28, 33, 38]
    return decoder(modelType, config, (layer) => (crosses.includes(layer) ? crossing : own), {
      lookups: [listed('embedding', 'tokens of pictures', 8, 'width')],
      // The table has rows for pictures, so that the projection is one of its own.
      tiedEmbeddings: false
    })
  }
)
