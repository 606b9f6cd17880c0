/** State spaces and linear attention, alone and beside attention; defaults and structure of the classes of transformers. */
import { z } from 'zod'
import { check } from '../describe/config-error'
import { expected } from '../describe/config-keys'
import type { Block, ListedWeights, Mamba1, Mamba2, Mixer, ModelDescription } from '../describe/description'
import { denseNetwork, listed, listedMixer, moeNetwork } from '../describe/parts'
import { kimiDelta } from './delta'
import { family } from './family'
import { describeFineGrained, sparseDefaults } from './fine-grained'
import {
  count,
  countOrNull,
  decoderKeys,
  flag,
  layerIndices,
  layers,
  listOrNull,
  size,
  sizeOrNull,
  wordsOrNull
} from './keys'
import { latentAttention, latentKeys } from './latent'
import { attentionOf, block, checkTopK, decoder, entryOf } from './parts'

const rank = z.union([z.literal('auto'), size()], expected("a positive integer or 'auto'")).default('auto')

/** Keys of models that are a state space alone. */
const stateKeys = (defaults: { width: number; layers: number; vocabulary: number; state: number; tied: boolean }) =>
  z.object({
    vocab_size: size(defaults.vocabulary),
    hidden_size: size(defaults.width),
    num_hidden_layers: layers(defaults.layers),
    max_position_embeddings: sizeOrNull(),
    tie_word_embeddings: flag(defaults.tied),
    state_size: size(defaults.state),
    expand: size(2),
    conv_kernel: size(4),
    use_bias: flag(false),
    use_conv_bias: flag(true)
  })

/** Gu and Dao 2023 (arXiv 2312.00752), and Falcon Mamba (arXiv 2410.05355), whose inner norms have no weights. */
export const mamba = family(
  ['mamba', 'falcon_mamba'],
  stateKeys({ width: 768, layers: 32, vocabulary: 50280, state: 16, tied: true }).extend({
    intermediate_size: sizeOrNull(),
    time_step_rank: rank
  }),
  (config, modelType) => {
    const mixer: Mamba1 = {
      kind: 'mamba1',
      innerWidth: config.intermediate_size ?? config.expand * config.hidden_size,
      stateSize: config.state_size,
      timeStepRank: config.time_step_rank === 'auto' ? Math.ceil(config.hidden_size / 16) : config.time_step_rank,
      kernel: config.conv_kernel,
      kernelBias: config.use_conv_bias,
      projectionBias: config.use_bias,
      innerNorms: false
    }
    return decoder(modelType, config, () => ({ mixers: [mixer], feedForwards: [], norm: 'rms', norms: 1 }))
  }
)

/** Dao and Gu 2024 (arXiv 2405.21060), also Codestral Mamba. */
export const mamba2 = family(
  ['mamba2'],
  stateKeys({ width: 4096, layers: 64, vocabulary: 32768, state: 128, tied: false }).extend({
    num_heads: size(128),
    head_dim: size(64),
    n_groups: size(8)
  }),
  (config, modelType) => {
    const mixer = {
      kind: 'mamba2',
      heads: config.num_heads,
      headSize: config.head_dim,
      groups: config.n_groups,
      stateSize: config.state_size,
      kernel: config.conv_kernel,
      kernelBias: config.use_conv_bias,
      projectionBias: config.use_bias
    } as const
    return decoder(modelType, config, () => ({ mixers: [mixer], feedForwards: [], norm: 'rms', norms: 1 }))
  }
)

const mamba2Keys = {
  mamba_n_heads: size(128),
  mamba_d_head: z
    .union([z.literal('auto'), size()])
    .nullable()
    .default('auto'),
  mamba_n_groups: size(1),
  mamba_d_state: size(256),
  mamba_d_conv: size(4),
  mamba_expand: size(2),
  mamba_conv_bias: flag(true),
  mamba_proj_bias: flag(false)
}

function mamba2Of(
  config: z.output<z.ZodObject<typeof mamba2Keys>>,
  inner: number,
  rest: Partial<Omit<Mamba2, 'kind'>> = {}
): Mamba2 {
  const headSize = inner / config.mamba_n_heads
  check(Number.isInteger(headSize), 'mamba_n_heads', `expected a divisor of ${inner}`, config.mamba_n_heads)
  return {
    kind: 'mamba2',
    heads: config.mamba_n_heads,
    headSize,
    groups: config.mamba_n_groups,
    stateSize: config.mamba_d_state,
    kernel: config.mamba_d_conv,
    kernelBias: config.mamba_conv_bias,
    projectionBias: config.mamba_proj_bias,
    ...rest
  }
}

/** IBM's Bamba: Mamba-2 with attention in the layers that `attn_layer_indices` names. */
export const bamba = family(
  ['bamba'],
  decoderKeys({ vocabulary: 128_000, width: 4096, layers: 32, heads: 32, keyValueHeads: 8, context: 262_144 }).extend({
    ...mamba2Keys,
    intermediate_size: size(14336),
    attn_layer_indices: layerIndices,
    layers_block_type: listOrNull(z.string(), 'a list of words'),
    attention_bias: flag(false),
    mlp_bias: flag(false)
  }),
  (config, modelType) => {
    const attention = attentionOf(config, { bias: config.attention_bias ? 'all' : 'none' })
    const mamba = mamba2Of(config, config.mamba_expand * config.hidden_size)
    const network = denseNetwork({ width: config.intermediate_size, bias: config.mlp_bias })
    const attends = (layer: number) =>
      config.layers_block_type
        ? /attention/.test(config.layers_block_type[layer] ?? '') &&
          !/linear/.test(config.layers_block_type[layer] ?? '')
        : config.attn_layer_indices?.includes(layer)
    return decoder(modelType, config, (layer) => block(attends(layer) ? attention : mamba, network))
  }
)

/** Falcon-H1 (arXiv 2507.22448): attention and Mamba-2 side by side in every layer. */
export const falconH1 = family(
  ['falcon_h1'],
  decoderKeys({ vocabulary: 128_000, width: 4096, layers: 32, heads: 32, keyValueHeads: 8, context: 8192 }).extend({
    ...mamba2Keys,
    intermediate_size: size(14336),
    mamba_d_ssm: sizeOrNull(1024),
    mamba_rms_norm: flag(false),
    projectors_bias: flag(false),
    attention_bias: flag(false),
    mlp_bias: flag(false)
  }),
  (config, modelType) => {
    const attention = attentionOf(config, { bias: config.attention_bias ? 'all' : 'none' })
    const inner = config.mamba_d_ssm ?? config.mamba_expand * config.hidden_size
    const mamba = mamba2Of(config, inner, { gatedNorm: config.mamba_rms_norm, outputBias: config.projectors_bias })
    const network = denseNetwork({ width: config.intermediate_size, bias: config.mlp_bias })
    return decoder(modelType, config, () => ({ ...block(attention, network), mixers: [mamba, attention] }))
  }
)

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

/**
 * Kimi Linear (arXiv 2510.26692) and Kimi K3: three layers of Kimi Delta Attention to one of latent attention. K3 has
 * gates of full rank and experts in a latent; its attention over earlier blocks has weights that no class names.
 */
export const kimiLinear = family(
  ['kimi_linear'],
  latentKeys.extend({
    ...sparseDefaults({ feedForward: 9216, expertWidth: 1024, experts: 256, topK: 8, shared: 1, firstDense: 1 }),
    vocab_size: size(163_840),
    hidden_size: size(2304),
    num_hidden_layers: layers(27),
    num_attention_heads: size(32),
    q_lora_rank: sizeOrNull(),
    linear_head_dim: size(128),
    linear_num_heads: size(32),
    linear_conv_kernel_dim: size(4),
    linear_attn_config: z
      .object({
        head_dim: size(128),
        num_heads: size(32),
        short_conv_kernel_size: size(4),
        kda_layers: layerIndices,
        full_attn_layers: layerIndices,
        use_full_rank_gate: flag(false)
      })
      .nullish(),
    layer_types: wordsOrNull('linear_attention', 'full_attention'),
    mla_use_output_gate: flag(false),
    routed_expert_hidden_size: sizeOrNull(),
    latent_moe_use_norm: flag(false),
    attn_res_block_size: countOrNull()
  }),
  (config, modelType) => {
    const { linear_attn_config: linear, layer_types: types, num_hidden_layers: length } = config
    const heads = linear?.num_heads ?? config.linear_num_heads
    const headSize = linear?.head_dim ?? config.linear_head_dim
    const kernel = linear?.short_conv_kernel_size ?? config.linear_conv_kernel_dim
    const delta = kimiDelta({ heads, headSize, kernel, ...(linear?.use_full_rank_gate ? { gateRank: null } : {}) })
    const latent = latentAttention(config)
    const gate = listed('attention', 'output gate', config.num_attention_heads * config.v_head_dim, 'width')
    const isFull = (layer: number): boolean => {
      if (layer >= length) return true
      if (types) return entryOf('layer_types', types, layer, length) === 'full_attention'
      // Counted from 1 in published files.
      if (linear?.full_attn_layers) return linear.full_attn_layers.includes(layer + 1)
      return layer > 0 && layer % 4 === 0
    }
    const latentWidth = config.routed_expert_hidden_size
    const norm =
      config.latent_moe_use_norm && latentWidth !== null ? [listed('norms', 'norm of the latent', latentWidth)] : []
    const residual = config.attn_res_block_size ?? 0
    return describeFineGrained(modelType, config, (layer) => (isFull(layer) ? latent : delta), {
      routerBias: true,
      predictionSteps: config.num_nextn_predict_layers,
      moe: { latentWidth },
      block: (sparse, layer) => ({
        extras: [...(sparse ? norm : []), ...(isFull(layer) && config.mla_use_output_gate ? [gate] : [])]
      }),
      model: {
        // The class has a projection of its own, whatever the flag says.
        tiedEmbeddings: false,
        leftOut: residual > 0 ? ['attn_res_block_size (the small weights of attention over earlier blocks)'] : []
      }
    })
  }
)

/** OLMo Hybrid: three layers of Gated DeltaNet, each with its own projections, to one of attention as OLMo 3 has it. */
export const olmoHybrid = family(
  ['olmo_hybrid'],
  decoderKeys({ vocabulary: 100_352, width: 3840, layers: 32, heads: 30, context: 65536 }).extend({
    intermediate_size: size(11008),
    attention_bias: flag(false),
    linear_num_key_heads: sizeOrNull(),
    linear_num_value_heads: sizeOrNull(),
    linear_key_head_dim: sizeOrNull(),
    linear_value_head_dim: sizeOrNull(),
    linear_conv_kernel_dim: size(4),
    layer_types: wordsOrNull('linear_attention', 'full_attention')
  }),
  (config, modelType) => {
    const { num_attention_heads: heads, hidden_size: width } = config
    const keyHeadSize = config.linear_key_head_dim ?? Math.floor((0.75 * width) / heads)
    const delta: Mixer = {
      kind: 'gatedDeltaNet',
      keyHeads: config.linear_num_key_heads ?? heads,
      keyHeadSize,
      valueHeads: config.linear_num_value_heads ?? heads,
      valueHeadSize: config.linear_value_head_dim ?? 2 * keyHeadSize,
      kernel: config.linear_conv_kernel_dim
    }
    const network = denseNetwork({ width: config.intermediate_size })
    const attention = attentionOf(config, { bias: config.attention_bias ? 'all' : 'none', queryKeyNorm: 'allHeads' })
    const isFull = (layer: number) =>
      config.layer_types
        ? entryOf('layer_types', config.layer_types, layer, config.num_hidden_layers) === 'full_attention'
        : (layer + 1) % 4 === 0
    return decoder(modelType, config, (layer) => block(isFull(layer) ? attention : delta, network))
  }
)

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

/** HRM-Text (after arXiv 2506.21734): two stacks that take turns, gated attention, norms without weights. */
export const hrmText = family(
  ['hrm_text'],
  decoderKeys({ vocabulary: 151_808, width: 1536, layers: 32, heads: 12, context: 2048 }).extend({
    intermediate_size: size(4096),
    num_layers_per_stack: sizeOrNull(),
    attention_bias: flag(false),
    mlp_bias: flag(false)
  }),
  (config, modelType) => {
    const attention = attentionOf(config, { bias: config.attention_bias ? 'all' : 'none' })
    const network = denseNetwork({ width: config.intermediate_size, bias: config.mlp_bias })
    const gates = attention.heads * attention.headSize
    const gate = [
      listed('attention', 'output gate', gates, 'width'),
      ...(config.attention_bias ? [listed('attention', 'output gate bias', gates)] : [])
    ]
    const stacks = config.num_layers_per_stack === null ? config.num_hidden_layers : 2 * config.num_layers_per_stack
    return decoder(
      modelType,
      { ...config, num_hidden_layers: stacks },
      () => block(attention, network, { norm: 'none', extras: gate }),
      {
        finalNorm: 'none',
        extras: [listed('other', 'first state', 'width')],
        notes: ['its two stacks are counted once each; a token passes them several times']
      }
    )
  }
)
