import { readBytesPerToken, shippedBytes, storedBytes } from '@core/arch/count/bytes'
import { cacheBytes } from '@core/arch/count/cache'
import { decodeFlopsPerToken, modelFlopsPerToken, prefillFlopsPerToken } from '@core/arch/count/flops'
import {
  type ActiveParameters,
  countDescription,
  type DescriptionCount,
  distinctBlocks,
  moeFeedForwards,
  type ParameterComponents
} from '@core/arch/count/parameters'
import { weightFormats } from '@core/arch/count/weight-formats'
import type { ModelDescription } from '@core/arch/describe/description'
import type { ShippedFormatId } from '@core/arch/describe/quantisation'
import type { WeightFormatId } from '@core/arch/describe/weight-format'
import { remarksOf } from './remarks'
import type { ConfigSource } from './source'

/** The figures of an architecture in the terminal's JSON. */
export interface ModelParameters {
  readonly name: string
  /** The path of the file, or `gallery`. */
  readonly source: string
  readonly model_type: string
  readonly total: number
  readonly active: ActiveParameters
  /** Least and most for a token, where tokens differ. */
  readonly active_range: DescriptionCount['activeRange']
  /** They sum to the total; components of nothing are left out. */
  readonly components: Readonly<Record<string, number>>
  /** Weights for multi-token prediction, not in the total. */
  readonly mtp_extra: number
  /** Tokens, the next one included. */
  readonly context: number
  /** Forward pass with keys and values of full size. */
  readonly flops_per_token: number
  /** Mean over a prompt of `context` tokens. */
  readonly flops_per_token_prefill: number
  /** As engines decode: latent attention absorbed, indexers choosing. */
  readonly flops_per_token_decode: number
  /** In bf16; layers without a window. */
  readonly kv_bytes_per_token: number
  /** In bf16, of one sequence of `context` tokens. */
  readonly kv_bytes: number
  /** Constant states of one sequence. */
  readonly state_bytes: number
  /** Bytes of keys, values and states read to decode one token; behind an indexer not all of them. */
  readonly cache_read_bytes: number
  /** Of the numbers alone. */
  readonly weight_bytes: Readonly<Record<'fp32' | 'bf16' | 'fp8' | 'int8' | 'int4', number>>
  /** In the formats of checkpoints, with scales and what stays in more bits. */
  readonly stored_bytes: Readonly<Record<WeightFormatId, number>>
  /** The format in which the file says its weights are: a key of `stored_bytes`, or one of few, such as `nf4`. */
  readonly shipped_format: ShippedFormatId
  /** The quantiser with its groups, in words; null where the file names none. */
  readonly quantisation: string | null
  /** In that format, with the scales of its groups and what it leaves in 16 bits. */
  readonly shipped_bytes: number
  /** Weights that decoding one token reads. */
  readonly read_bytes_per_token: Readonly<Record<WeightFormatId, number>>
  /** Kinds of MoE layers with their number; empty for a dense model. */
  readonly experts: readonly RoutedLayers[]
  /** Encoder and decoder together. */
  readonly layers: number
  /** Assumptions of a best-effort reading. */
  readonly assumptions: readonly string[]
  /** Keys of the file that are not counted, such as a vision tower. */
  readonly left_out: readonly string[]
  /** Everything that a reader of the figures must know, in sentences: these two and what its reader noted. */
  readonly notes: readonly string[]
}

interface RoutedLayers {
  readonly layers: number
  readonly experts: number
  readonly zero_experts: number
  readonly top_k: number
  readonly expert_width: number
  readonly shared_experts: number
}

export function modelParameters(
  { name, source }: ConfigSource,
  description: ModelDescription,
  context: number
): ModelParameters {
  const { total, active, activeRange, components, multiTokenPrediction } = countDescription(description)
  const cache = cacheBytes(description, { context })
  return {
    name,
    source,
    model_type: description.modelType,
    total,
    active,
    active_range: activeRange,
    components: componentsJson(components),
    mtp_extra: multiTokenPrediction,
    context,
    flops_per_token: modelFlopsPerToken(description, context),
    flops_per_token_prefill: prefillFlopsPerToken(description, context),
    flops_per_token_decode: decodeFlopsPerToken(description, context),
    kv_bytes_per_token: cache.perToken,
    kv_bytes: cache.keysAndValues,
    state_bytes: cache.state,
    cache_read_bytes: cache.readPerStep,
    weight_bytes: { fp32: 4 * total, bf16: 2 * total, fp8: total, int8: total, int4: Math.ceil(total / 2) },
    stored_bytes: inEachFormat((format) => storedBytes(description, format)),
    shipped_format: description.shippedFormat,
    quantisation: description.quantisation?.name ?? null,
    shipped_bytes: shippedBytes(description),
    read_bytes_per_token: inEachFormat((format) => readBytesPerToken(description, format)),
    experts: routedLayers(description),
    layers: description.stacks.reduce((layers, { blocks }) => layers + blocks.length, 0),
    assumptions: description.bestEffort,
    left_out: description.leftOut,
    notes: remarksOf(description)
  }
}

const componentKeys: Readonly<Record<keyof ParameterComponents, string>> = {
  embedding: 'embedding',
  positionEmbedding: 'pos_embedding',
  attention: 'attention',
  linearAttention: 'linear_attention',
  indexer: 'indexer',
  dense: 'dense_ffn',
  router: 'router',
  experts: 'routed_experts',
  shared: 'shared_experts',
  norms: 'norms',
  other: 'other',
  output: 'lm_head'
}

function componentsJson(components: ParameterComponents): Record<string, number> {
  const keys = Object.keys(componentKeys) as (keyof ParameterComponents)[]
  return Object.fromEntries(
    keys.filter((key) => components[key] > 0).map((key) => [componentKeys[key], components[key]])
  )
}

function inEachFormat(bytes: (format: WeightFormatId) => number): Record<WeightFormatId, number> {
  const ids = Object.keys(weightFormats) as WeightFormatId[]
  return Object.fromEntries(ids.map((id) => [id, bytes(id)])) as Record<WeightFormatId, number>
}

function routedLayers({ stacks }: ModelDescription): RoutedLayers[] {
  const kinds = new Map<string, RoutedLayers>()
  for (const [block, times] of distinctBlocks(stacks.flatMap(({ blocks }) => blocks))) {
    for (const moe of moeFeedForwards(block)) {
      const kind = {
        experts: moe.experts,
        zero_experts: moe.zeroExperts,
        top_k: moe.topK,
        expert_width: moe.expertWidth,
        shared_experts: moe.sharedExperts
      }
      const key = JSON.stringify(kind)
      kinds.set(key, { layers: (kinds.get(key)?.layers ?? 0) + times, ...kind })
    }
  }
  return [...kinds.values()]
}
