/** Parts that readers of many families share: heads, biases, windows, schedules of layers, and checks across keys. */
import type { z } from 'zod'
import type { Multipliers } from '../architecture'
import { ConfigError, check, problem } from '../describe/config-error'
import type {
  Block,
  FeedForward,
  GatedDeltaNet,
  GroupedAttention,
  Mixer,
  ModelDescription,
  MoeFeedForward,
  RotaryPositions,
  RotaryScaling
} from '../describe/description'
import { decoderOf, groupedAttention } from '../describe/parts'
import { uniqueBlocks } from '../describe/unique-blocks'
import type { multiplierKeys } from './keys'

/** The keys that fix the heads of grouped attention. */
export interface HeadKeys {
  readonly hidden_size: number
  readonly num_attention_heads: number
  readonly num_key_value_heads: number | null
  readonly head_dim: number | null
}

/** Grouped attention by the usual keys: an explicit `head_dim` wins over hidden_size / num_attention_heads. */
export function attentionOf(
  config: HeadKeys,
  options: Partial<Omit<GroupedAttention, 'kind' | 'heads' | 'keyValueHeads' | 'headSize'>> = {}
): GroupedAttention {
  const heads = config.num_attention_heads
  const keyValueHeads = config.num_key_value_heads ?? heads
  check(heads % keyValueHeads === 0, 'num_key_value_heads', `expected a divisor of ${heads} heads`, keyValueHeads)
  return groupedAttention({ heads, keyValueHeads, headSize: headSizeOf(config), ...options })
}

/** Width of one head. Throws `ConfigError` when the heads do not divide the width. */
export function headSizeOf({ hidden_size: width, num_attention_heads: heads, head_dim }: HeadKeys): number {
  const headSize = head_dim ?? width / heads
  check(Number.isInteger(headSize), 'num_attention_heads', `expected a divisor of hidden_size ${width}`, heads)
  return headSize
}

/** The rotary positions that `computationKeys` says. */
export function rotaryOf(config: {
  readonly rope_theta: number
  readonly rope_scaling?: Readonly<Record<string, unknown>> | null | undefined
  readonly rope_parameters?: Readonly<Record<string, unknown> & { rope_theta?: number | undefined }> | null | undefined
}): RotaryPositions {
  const { rope_scaling: scaling, rope_parameters: parameters } = config
  const isScaled = ({ rope_type, type }: Readonly<Record<string, unknown>>) =>
    rope_type !== 'default' && type !== 'default'
  const scaled = (): RotaryScaling | null => {
    if (scaling && isScaled(scaling)) return { key: 'rope_scaling', parameters: scaling }
    if (parameters?.rope_type !== undefined && isScaled(parameters)) return { key: 'rope_parameters', parameters }
    return null
  }
  return { base: parameters?.rope_theta ?? config.rope_theta, scaling: scaled() }
}

/** The keys of a Gated DeltaNet. */
interface DeltaNetKeys {
  readonly linear_num_key_heads: number
  readonly linear_key_head_dim: number
  readonly linear_num_value_heads: number
  readonly linear_value_head_dim: number
  readonly linear_conv_kernel_dim: number
}

/** The Gated DeltaNet that a layer's keys describe. */
export function deltaNetOf(config: DeltaNetKeys): GatedDeltaNet {
  return {
    kind: 'gatedDeltaNet',
    keyHeads: config.linear_num_key_heads,
    keyHeadSize: config.linear_key_head_dim,
    valueHeads: config.linear_num_value_heads,
    valueHeadSize: config.linear_value_head_dim,
    kernel: config.linear_conv_kernel_dim
  }
}

/** A block of a pre-norm decoder: one mixer, one feed-forward, two norms. */
export function block(mixer: Mixer, feedForward: FeedForward, norms: Partial<Block> = {}): Block {
  return { mixers: [mixer], feedForwards: [feedForward], norm: 'rms', norms: 2, ...norms }
}

/** The keys that `decoderKeys` reads besides those of the heads. */
interface DecoderConfig {
  readonly vocab_size: number
  readonly hidden_size: number
  readonly num_hidden_layers: number
  readonly max_position_embeddings: number | null
  readonly tie_word_embeddings: boolean
}

/** A decoder of `num_hidden_layers` blocks by the usual keys. */
export function decoder(
  modelType: string,
  config: DecoderConfig,
  blockOf: (layer: number) => Block,
  options: Partial<Omit<Parameters<typeof decoderOf>[0], 'blocks'>> = {}
): ModelDescription {
  return decoderOf({
    modelType,
    vocabularySize: config.vocab_size,
    width: config.hidden_size,
    context: config.max_position_embeddings,
    tiedEmbeddings: config.tie_word_embeddings,
    blocks: uniqueBlocks(Array.from({ length: config.num_hidden_layers }, (_, layer) => blockOf(layer))),
    ...options
  })
}

/** The entry of a layer in a list that must have one for each. */
export function entryOf<T>(key: string, list: readonly T[], layer: number, layers: number): T {
  const entry = list.length === layers ? list[layer] : undefined
  if (entry !== undefined) return entry
  throw new ConfigError(problem(key, `expected ${layers} entries, one for each layer, found ${list.length}`))
}

/** The window of a layer by its word in `layer_types`, or by the family's own schedule where there is no such list. */
export function windowOf(
  config: {
    readonly num_hidden_layers: number
    readonly layer_types: readonly string[] | null
    readonly sliding_window: number | null
  },
  layer: number,
  isWindowed: (layer: number) => boolean
): number | null {
  const { layer_types: types, num_hidden_layers: layers } = config
  const windowed = types ? entryOf('layer_types', types, layer, layers) === 'sliding_attention' : isWindowed(layer)
  return windowed ? config.sliding_window : null
}

/** The multipliers that `multiplierKeys` says. */
export function multipliersOf(config: z.output<z.ZodObject<typeof multiplierKeys>>): Multipliers {
  return {
    embedding: config.embedding_multiplier,
    attention: config.attention_multiplier,
    residual: config.residual_multiplier,
    logitsDivisor: config.logits_scaling
  }
}

/** Routed experts, of which a token cannot choose more than there are. */
export function checkTopK(key: string, { topK, experts, zeroExperts }: MoeFeedForward): void {
  const choices = experts + zeroExperts
  check(topK <= choices, key, `expected at most the number of experts, ${choices}`, topK)
}
