/** Zyphra's Zamba: state spaces with blocks of attention that layers share. */

import { z } from 'zod'
import { check } from '../describe/config-error'
import type { Block, ListedWeights, Mixer, ModelDescription } from '../describe/description'
import { listed, listedMixer } from '../describe/parts'
import { family } from './family'
import { count, decoderKeys, flag, layerIndices, listOrNull, size, sizeOrNull } from './keys'
import { decoder } from './parts'
import { rank } from './state-space'

/** Layers whose words say `hybrid` have the shared block. */
const hybridWords = listOrNull(z.string(), 'a list of words')

/**
 * Zamba (arXiv 2405.16712): Mamba layers, before some of which lies one transformer block that they share. It is counted
 * once; a token passes it in each of them.
 */
export const zamba = family(
  ['zamba'],
  decoderKeys({
    vocabulary: 32000,
    width: 3712,
    layers: 76,
    heads: 16,
    keyValueHeads: 16,
    context: 4096,
    tied: true
  }).extend({
    intermediate_size: size(14848),
    attention_hidden_size: sizeOrNull(),
    attention_head_dim: sizeOrNull(),
    n_mamba_heads: size(2),
    mamba_d_state: size(16),
    mamba_d_conv: size(4),
    mamba_expand: size(2),
    mamba_dt_rank: rank,
    mamba_conv_bias: flag(true),
    mamba_proj_bias: flag(false),
    attn_layer_period: size(6),
    attn_layer_offset: count(4),
    layers_block_type: hybridWords
  }),
  (config, modelType) => {
    const { hidden_size: width, num_hidden_layers: length, n_mamba_heads: groups } = config
    const inner = config.mamba_expand * width
    const steps = config.mamba_dt_rank === 'auto' ? Math.ceil(width / 16) : config.mamba_dt_rank
    const projected = steps + 2 * config.mamba_d_state
    const headInner = inner / groups
    const mamba = listedMixer(
      'Mamba with heads',
      [
        listed('linearAttention', 'input and gate', 2 * inner, 'width'),
        ...(config.mamba_proj_bias
          ? [listed('linearAttention', 'input bias', 2 * inner), listed('linearAttention', 'output bias', 'width')]
          : []),
        listed('linearAttention', 'convolution', inner, config.mamba_d_conv),
        ...(config.mamba_conv_bias ? [listed('linearAttention', 'convolution bias', inner)] : []),
        { ...listed('linearAttention', 'time step and state projections', projected, headInner), copies: groups },
        { ...listed('linearAttention', 'time step', headInner, steps), copies: groups },
        listed('linearAttention', 'time step bias', inner),
        listed('linearAttention', 'decay', inner, config.mamba_d_state),
        listed('linearAttention', 'skip', inner),
        listed('linearAttention', 'output', 'width', inner)
      ],
      { stateSize: inner * config.mamba_d_state, convolutionSize: inner * config.mamba_d_conv }
    )
    const words = config.layers_block_type
    const isHybrid = (layer: number) =>
      words
        ? words[layer] === 'hybrid'
        : layer >= 2 && (layer === 2 || layer % config.attn_layer_period === config.attn_layer_offset)
    const attention = config.attention_hidden_size ?? 2 * width
    const headSize = config.attention_head_dim ?? attention / config.num_attention_heads
    const keys = (config.num_key_value_heads ?? config.num_attention_heads) * headSize
    const shared: ListedWeights[] = [
      listed('attention', 'queries of the shared block', config.num_attention_heads * headSize, attention),
      listed('attention', 'keys and values of the shared block', 2 * keys, attention),
      listed('attention', 'attention output of the shared block', 'width', config.num_attention_heads * headSize),
      { ...listed('dense', 'feed-forward of the shared block', config.intermediate_size, 'width'), copies: 3 },
      listed('norms', 'norm of the shared block', attention),
      listed('norms', 'norm of the shared feed-forward', 'width')
    ]
    return sharedBlock(
      modelType,
      config,
      isHybrid,
      mamba,
      shared,
      attentionPairs(config.num_attention_heads, headSize),
      length
    )
  }
)

/** Cache and computation of the shared attention, without weights of its own. */
function attentionPairs(heads: number, headSize: number): Mixer {
  return listedMixer('shared attention', [], {
    cachedValues: 2 * heads * headSize,
    pairMultiplyAdds: 2 * heads * headSize
  })
}

function sharedBlock(
  modelType: string,
  config: Parameters<typeof decoder>[1],
  isHybrid: (layer: number) => boolean,
  mamba: Mixer,
  shared: readonly ListedWeights[],
  attention: Mixer,
  length: number
): ModelDescription {
  const hybrids = Array.from({ length }, (_, layer) => layer).filter(isHybrid).length
  const plain: Block = { mixers: [mamba], feedForwards: [], norm: 'rms', norms: 1 }
  const hybrid: Block = {
    ...plain,
    mixers: [attention, mamba],
    extras: [listed('other', 'projection of the shared block', 'width', 'width')]
  }
  const times = `the shared block is counted once, also in the active parameters; a token passes it in ${hybrids} layers`
  const rest = hybrids > 0 ? { extras: shared, notes: [times] } : {}
  return decoder(modelType, config, (layer) => (isHybrid(layer) ? hybrid : plain), rest)
}

/** Zamba2 (arXiv 2411.15242): Mamba-2, several shared blocks in turn, with an adapter for each layer that has one. */
export const zamba2 = family(
  ['zamba2'],
  decoderKeys({ vocabulary: 32000, width: 2560, layers: 54, heads: 32, context: 4096, tied: true }).extend({
    intermediate_size: sizeOrNull(),
    attention_hidden_size: sizeOrNull(),
    attention_head_dim: sizeOrNull(),
    mamba_d_state: size(64),
    mamba_d_conv: size(4),
    mamba_expand: size(2),
    mamba_ngroups: size(1),
    n_mamba_heads: size(8),
    add_bias_linear: flag(false),
    num_mem_blocks: size(1),
    use_shared_attention_adapter: flag(false),
    adapter_rank: size(128),
    layers_block_type: hybridWords,
    hybrid_layer_ids: layerIndices
  }),
  (config, modelType) => {
    const { hidden_size: width, num_hidden_layers: length, add_bias_linear: bias, adapter_rank: adapter } = config
    const inner = config.mamba_expand * width
    const mamba: Mixer = {
      kind: 'mamba2',
      heads: config.n_mamba_heads,
      headSize: inner / config.n_mamba_heads,
      groups: config.mamba_ngroups,
      stateSize: config.mamba_d_state,
      kernel: config.mamba_d_conv,
      kernelBias: true,
      projectionBias: bias
    }
    check(Number.isInteger(mamba.headSize), 'n_mamba_heads', `expected a divisor of ${inner}`, config.n_mamba_heads)
    const words = config.layers_block_type
    const ids = config.hybrid_layer_ids
    const isHybrid = (layer: number) =>
      words ? words[layer] === 'hybrid' : (ids?.includes(layer) ?? (layer > 0 && layer % 6 === 0))
    const places = Array.from({ length }, (_, layer) => layer).filter(isHybrid)
    const attention = config.attention_hidden_size ?? 2 * width
    const headSize = config.attention_head_dim ?? attention / config.num_attention_heads
    const heads = config.num_attention_heads * headSize
    const keys = (config.num_key_value_heads ?? config.num_attention_heads) * headSize
    const feedForward = config.intermediate_size ?? 4 * width
    const blocks = Math.min(config.num_mem_blocks, places.length)
    const copies = (weights: ListedWeights, times: number): ListedWeights => ({ ...weights, copies: times })
    const shared = [
      copies(listed('attention', 'queries of the shared blocks', heads, attention), blocks),
      copies(listed('attention', 'keys and values of the shared blocks', 2 * keys, attention), blocks),
      copies(listed('attention', 'attention output of the shared blocks', 'width', heads), blocks),
      copies(listed('dense', 'feed-forward of the shared blocks', feedForward, 'width'), 3 * blocks),
      ...(bias
        ? [
            copies(listed('dense', 'feed-forward biases of the shared blocks', 2 * feedForward), blocks),
            copies(listed('dense', 'feed-forward bias of the shared blocks', 'width'), blocks)
          ]
        : []),
      copies(listed('norms', 'norms of the shared blocks', attention), blocks),
      copies(listed('norms', 'norms of the shared feed-forwards', 'width'), blocks),
      copies(listed('other', 'adapters into their rank', adapter, 'width'), places.length),
      copies(listed('other', 'adapters out of their rank', 2 * feedForward, adapter), places.length),
      ...(config.use_shared_attention_adapter
        ? [copies(listed('other', 'adapters of the shared attention', 2 * adapter, attention), 3 * places.length)]
        : [])
    ]
    return sharedBlock(
      modelType,
      config,
      isHybrid,
      mamba,
      shared,
      attentionPairs(config.num_attention_heads, headSize),
      length
    )
  }
)
