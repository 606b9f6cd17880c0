/** GPT-2 and 3, GPT-NeoX and Falcon: plain feed-forwards four times as wide, LayerNorms with biases. */
import { z } from 'zod'
import { check } from '../describe/config-error'
import { denseNetwork, groupedAttention } from '../describe/parts'
import { family } from './family'
import { decoderKeys, flag, layers, size, sizeOrNull } from './keys'
import { attentionOf, block, decoder } from './parts'

/**
 * Radford et al. 2019; defaults of GPT2Config. Each layer has 12 d^2 + 13 d weights. GPT-3 (Brown et al. 2020, arXiv
 * 2005.14165, table 2.1) has the same shape.
 */
export const gpt2 = family(
  ['gpt2'],
  z.object({
    vocab_size: size(50257),
    n_positions: size(1024),
    n_embd: size(768),
    n_layer: layers(12),
    n_head: size(12),
    n_inner: sizeOrNull(),
    tie_word_embeddings: flag(true)
  }),
  (config, modelType) => {
    const width = config.n_embd
    const headSize = width / config.n_head
    check(Number.isInteger(headSize), 'n_head', `expected a divisor of n_embd ${width}`, config.n_head)
    const attention = groupedAttention({
      heads: config.n_head,
      keyValueHeads: config.n_head,
      headSize,
      bias: 'all'
    })
    const feedForward = denseNetwork({ width: config.n_inner ?? 4 * width, gated: false, bias: true })
    return decoder(
      modelType,
      {
        vocab_size: config.vocab_size,
        hidden_size: width,
        num_hidden_layers: config.n_layer,
        max_position_embeddings: config.n_positions,
        tie_word_embeddings: config.tie_word_embeddings
      },
      () => block(attention, feedForward, { norm: 'layer' }),
      { finalNorm: 'layer', learnedPositions: config.n_positions }
    )
  }
)

/** Black et al. 2022 (arXiv 2204.06745), also Pythia; defaults of GPTNeoXConfig. */
export const gptNeoX = family(
  ['gpt_neox'],
  decoderKeys({ vocabulary: 50432, width: 6144, layers: 44, heads: 64, context: 2048 }).extend({
    intermediate_size: size(24576),
    attention_bias: flag(true)
  }),
  (config, modelType) =>
    decoder(
      modelType,
      config,
      () =>
        block(
          attentionOf(config, { bias: config.attention_bias ? 'all' : 'none' }),
          denseNetwork({ width: config.intermediate_size, gated: false, bias: true }),
          { norm: 'layer' }
        ),
      { finalNorm: 'layer' }
    )
)

/**
 * Almazrouei et al. 2023 (arXiv 2311.16867); defaults and structure of FalconConfig and modeling_falcon.py: one key
 * head with `multi_query`, groups with `new_decoder_architecture`; parallel attention shares one norm unless
 * `num_ln_in_parallel_attn` says two, which is the default of the new architecture.
 */
export const falcon = family(
  ['falcon'],
  z.object({
    vocab_size: size(65024),
    hidden_size: size(4544),
    num_hidden_layers: layers(32),
    num_attention_heads: size(71),
    num_kv_heads: sizeOrNull(),
    ffn_hidden_size: sizeOrNull(),
    multi_query: flag(true),
    new_decoder_architecture: flag(false),
    parallel_attn: flag(true),
    num_ln_in_parallel_attn: sizeOrNull(),
    bias: flag(false),
    max_position_embeddings: sizeOrNull(2048),
    tie_word_embeddings: flag(true)
  }),
  (config, modelType) => {
    const { new_decoder_architecture: isNew, num_attention_heads: heads } = config
    const grouped = isNew ? (config.num_kv_heads ?? heads) : heads
    const keyValueHeads = !isNew && config.multi_query ? 1 : grouped
    const parallelNorms = config.num_ln_in_parallel_attn ?? (isNew ? 2 : 1)
    const norms = config.parallel_attn && parallelNorms !== 2 ? 1 : 2
    const attention = attentionOf(
      { ...config, num_key_value_heads: keyValueHeads, head_dim: null },
      { bias: config.bias ? 'all' : 'none' }
    )
    const width = config.ffn_hidden_size ?? 4 * config.hidden_size
    return decoder(
      modelType,
      config,
      () => block(attention, denseNetwork({ width, gated: false, bias: config.bias }), { norm: 'layer', norms }),
      { finalNorm: 'layer' }
    )
  }
)
