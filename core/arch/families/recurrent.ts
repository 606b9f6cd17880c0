/** Gated recurrences: RecurrentGemma, RWKV and xLSTM. */

import { z } from 'zod'
import { check } from '../describe/config-error'
import { denseNetwork, listed, listedMixer } from '../describe/parts'
import { family } from './family'
import { decoderKeys, flag, layers, size, sizeOrNull, wordsOrNull } from './keys'
import { attentionOf, block, decoder } from './parts'

/** De et al. 2024 (arXiv 2402.19427): two layers with a gated linear recurrence to one with local attention. */
export const recurrentGemma = family(
  ['recurrent_gemma'],
  decoderKeys({ vocabulary: 256_000, width: 2560, layers: 26, heads: 10, context: null, tied: true }).extend({
    intermediate_size: size(7680),
    lru_width: sizeOrNull(),
    conv1d_width: size(4),
    attention_window_size: size(2048),
    attention_bias: flag(false),
    block_types: wordsOrNull('recurrent', 'attention')
  }),
  (config, modelType) => {
    const inner = config.lru_width ?? config.hidden_size
    const { num_attention_heads: heads, conv1d_width: kernel } = config
    const headSize = inner / heads
    check(Number.isInteger(headSize), 'num_attention_heads', `expected a divisor of lru_width ${inner}`, heads)
    const recurrent = listedMixer(
      'gated linear recurrence',
      [
        listed('linearAttention', 'input and gate', 2 * inner, 'width'),
        listed('linearAttention', 'input and gate biases', 2 * inner),
        listed('linearAttention', 'output', 'width', inner),
        listed('linearAttention', 'output bias', 'width'),
        listed('linearAttention', 'convolution', inner, kernel),
        listed('linearAttention', 'convolution bias', inner),
        { ...listed('linearAttention', 'gates of the recurrence', headSize, headSize), copies: 2 * heads },
        listed('linearAttention', 'biases and decay of the recurrence', 3 * inner)
      ],
      { stateSize: inner, convolutionSize: inner * kernel }
    )
    const attention = attentionOf(config, {
      bias: config.attention_bias ? 'queryKeyValue' : 'none',
      window: config.attention_window_size
    })
    const network = denseNetwork({ width: config.intermediate_size, bias: true })
    check(config.intermediate_size % 2 === 0, 'intermediate_size', 'expected an even number', config.intermediate_size)
    const half = { ...network, width: config.intermediate_size / 2 }
    const types = config.block_types ?? (['recurrent', 'recurrent', 'attention'] as const)
    return decoder(modelType, config, (layer) =>
      types[layer % types.length] === 'attention'
        ? { ...block(attention, half), extras: [listed('attention', 'attention output bias', 'width')] }
        : block(recurrent, half)
    )
  }
)

/** Peng et al. 2023 (arXiv 2305.13048), RWKV-4. */
export const rwkv = family(
  ['rwkv'],
  z.object({
    vocab_size: size(50277),
    hidden_size: size(4096),
    num_hidden_layers: layers(32),
    attention_hidden_size: sizeOrNull(),
    intermediate_size: sizeOrNull(),
    max_position_embeddings: sizeOrNull(1024),
    tie_word_embeddings: flag(false)
  }),
  (config, modelType) => {
    const inner = config.attention_hidden_size ?? config.hidden_size
    const feedForward = config.intermediate_size ?? 4 * config.hidden_size
    const timeMixing = listedMixer(
      'time mixing',
      [
        { ...listed('linearAttention', 'keys, values and receptance', inner, 'width'), copies: 3 },
        listed('linearAttention', 'output', 'width', inner),
        listed('linearAttention', 'decay and bonus', 2 * inner),
        { ...listed('linearAttention', 'mixing with the last token', 'width'), copies: 3 }
      ],
      { stateSize: 3 * inner }
    )
    const network = denseNetwork({ width: feedForward, gated: false })
    const extras = [
      listed('dense', 'receptance of the feed-forward', 'width', 'width'),
      { ...listed('dense', 'mixing with the last token', 'width'), copies: 2 }
    ]
    return decoder(modelType, config, () => ({ ...block(timeMixing, network, { norm: 'layer' }), extras }), {
      finalNorm: 'layer',
      embeddingNorm: 'layer'
    })
  }
)

/** Beck et al. 2025 (arXiv 2503.13427): xLSTM 7B, matrix memories alone. */
export const xLstm = family(
  ['xlstm'],
  z.object({
    vocab_size: size(50304),
    hidden_size: size(4096),
    num_hidden_layers: layers(32),
    num_heads: size(8),
    qk_dim_factor: z.number().positive().default(0.5),
    v_dim_factor: z.number().positive().default(1),
    ffn_proj_factor: z.number().positive().default(2.667),
    ffn_round_up_to_multiple_of: size(64),
    use_bias: flag(false),
    max_position_embeddings: sizeOrNull(),
    tie_word_embeddings: flag(false)
  }),
  (config, modelType) => {
    const { hidden_size: width, num_heads: heads, use_bias: bias } = config
    const up = (factor: number, multiple: number) => multiple * Math.ceil(Math.floor(factor * width) / multiple)
    const keys = Math.floor(config.qk_dim_factor * width)
    const values = Math.floor(config.v_dim_factor * width)
    const feedForward = up(config.ffn_proj_factor, config.ffn_round_up_to_multiple_of)
    const mixer = listedMixer(
      'mLSTM',
      [
        listed('linearAttention', 'queries and keys', 2 * keys, 'width'),
        listed('linearAttention', 'values and output gate', 2 * values, 'width'),
        listed('linearAttention', 'input and forget gates', 2 * heads, 'width'),
        listed('linearAttention', 'gate biases', 2 * heads),
        listed('norms', 'norm of the heads', values),
        listed('linearAttention', 'output', 'width', values),
        ...(bias
          ? [
              listed('linearAttention', 'biases', 2 * keys + 2 * values),
              listed('linearAttention', 'output bias', 'width'),
              listed('norms', 'norm bias', values)
            ]
          : [])
      ],
      { stateSize: (keys * values) / heads }
    )
    const norm = bias ? 'layer' : 'rms'
    const network = denseNetwork({ width: feedForward, bias })
    return decoder(modelType, config, () => block(mixer, network, { norm }), {
      finalNorm: 'rms',
      // The class has a projection of its own, whatever the flag says.
      tiedEmbeddings: false
    })
  }
)
