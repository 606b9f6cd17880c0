import { denseNetwork, modelOf } from '../describe/parts'
import { uniqueBlocks } from '../describe/unique-blocks'
import { family } from './family'
import { count, decoderKeys, size } from './keys'
import { attentionOf, block } from './parts'

/**
 * Devlin et al. 2019 (arXiv 1810.04805); defaults and structure of BertConfig and BertModel of transformers, pooler
 * included. The head of the masked language model is left out but for its output projection, which is tied to the
 * embedding.
 */
export const bert = family(
  ['bert'],
  decoderKeys({ vocabulary: 30522, width: 768, layers: 12, heads: 12, context: 512, tied: true }).extend({
    intermediate_size: size(3072),
    max_position_embeddings: size(512),
    type_vocab_size: count(2)
  }),
  (config, modelType) => {
    const layer = block(
      attentionOf(config, { bias: 'all' }),
      denseNetwork({ width: config.intermediate_size, gated: false, bias: true }),
      { norm: 'layer' }
    )
    return modelOf({
      modelType,
      vocabularySize: config.vocab_size,
      width: config.hidden_size,
      context: config.max_position_embeddings,
      tiedEmbeddings: config.tie_word_embeddings,
      learnedPositions: config.max_position_embeddings,
      tokenTypes: config.type_vocab_size,
      embeddingNorm: 'layer',
      pooler: true,
      stacks: [
        {
          role: 'encoder',
          blocks: uniqueBlocks(Array.from({ length: config.num_hidden_layers }, () => layer)),
          finalNorm: 'none',
          distanceBiases: null
        }
      ]
    })
  }
)
