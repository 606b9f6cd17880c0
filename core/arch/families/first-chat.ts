/** The first Qwen and the later ChatGLMs, which transformers itself does not have: their checkpoints bring their code. */
import { check } from '../describe/config-error'
import { denseNetwork } from '../describe/parts'
import { family } from './family'
import { countOrNull, decoderKeys, flag, layers, size, sizeOrNull } from './keys'
import { attentionOf, block, decoder } from './parts'

/**
 * Bai et al. 2023 (arXiv 2309.16609; modeling_qwen.py of Qwen/Qwen-7B): as Llama, but with biases of queries, keys and
 * values; each half of the feed-forward has half of `intermediate_size`.
 */
export const qwen = family(
  ['qwen'],
  decoderKeys({}).extend({ kv_channels: sizeOrNull(), intermediate_size: size(), no_bias: flag(true) }),
  (config, modelType) => {
    const { intermediate_size: both, no_bias: plain, kv_channels: headSize } = config
    check(both % 2 === 0, 'intermediate_size', 'expected an even number', both)
    const attention = attentionOf({ ...config, head_dim: headSize }, { bias: plain ? 'queryKeyValue' : 'all' })
    const feedForward = denseNetwork({ width: both / 2, bias: !plain })
    return decoder(modelType, config, () => block(attention, feedForward))
  }
)

/**
 * ChatGLM2, ChatGLM3 and GLM-4 of 2024 (arXiv 2406.12793; modeling_chatglm.py of zai-org/chatglm3-6b): keys and values in
 * groups, biases of queries, keys and values, a gated feed-forward. ChatGLM-6B, which came before, has other layers.
 */
export const chatGlm = family(
  ['chatglm'],
  decoderKeys({}).extend({
    vocab_size: sizeOrNull(),
    padded_vocab_size: sizeOrNull(),
    num_layers: layers(),
    num_hidden_layers: sizeOrNull(),
    num_attention_heads: size(),
    kv_channels: size(),
    multi_query_attention: flag(false),
    multi_query_group_num: size(1),
    ffn_hidden_size: size(),
    inner_hidden_size: countOrNull(),
    add_bias_linear: flag(false),
    add_qkv_bias: flag(false),
    rmsnorm: flag(true),
    post_layer_norm: flag(true),
    seq_length: sizeOrNull()
  }),
  (config, modelType) => {
    const { inner_hidden_size: ofFirst, add_bias_linear: biased, add_qkv_bias: queriesBiased } = config
    check(ofFirst === null, 'inner_hidden_size', 'expected a ChatGLM2 or later, without this key', ofFirst)
    const vocabulary = config.padded_vocab_size ?? config.vocab_size
    check(vocabulary !== null, 'padded_vocab_size', 'expected a positive integer', vocabulary)
    const keys = {
      ...config,
      vocab_size: vocabulary ?? 0,
      num_hidden_layers: config.num_layers,
      num_key_value_heads: config.multi_query_attention ? config.multi_query_group_num : config.num_attention_heads,
      head_dim: config.kv_channels,
      max_position_embeddings: config.seq_length
    }
    const norm = config.rmsnorm ? 'rms' : 'layer'
    const attention = attentionOf(keys, { bias: biased ? 'all' : queriesBiased ? 'queryKeyValue' : 'none' })
    const feedForward = denseNetwork({ width: config.ffn_hidden_size, bias: biased })
    return decoder(modelType, keys, () => block(attention, feedForward, { norm }), {
      finalNorm: config.post_layer_norm ? norm : 'none'
    })
  }
)
