/** Fine-grained experts with shared ones (DeepSeekMoE, arXiv 2401.06066), as many families have them. */
import { z } from 'zod'
import { expected } from '../describe/config-keys'
import type {
  Block,
  DenseFeedForward,
  FeedForward,
  Mixer,
  ModelDescription,
  MoeFeedForward,
  PredictionModule
} from '../describe/description'
import { denseNetwork, moeNetwork } from '../describe/parts'
import { count, countOrNull, layers, listOrNull, size, wordsOrNull } from './keys'
import { block, checkTopK, decoder, entryOf } from './parts'

/** Keys of experts narrower than the dense feed-forwards, with shared ones of the same width. */
export const sparseKeys = z.object({
  intermediate_size: size(),
  moe_intermediate_size: size(),
  n_routed_experts: countOrNull(),
  n_shared_experts: countOrNull(),
  num_experts_per_tok: size(),
  first_k_dense_replace: count(0),
  moe_layer_freq: z
    .union([size(1), listOrNull(count(), 'a list of 0 and 1')], expected('a positive integer or a list of 0 and 1'))
    .default(1),
  mlp_layer_types: wordsOrNull('dense', 'sparse', 'moe', 'hash_moe'),
  is_moe_layer: listOrNull(z.boolean(expected('true or false')), 'a list of true and false'),
  num_hidden_layers: layers()
})

/** The sizes that classes with such experts give by default. */
export function sparseDefaults(defaults: {
  /** Of dense layers. */
  readonly feedForward: number
  readonly expertWidth: number
  readonly experts: number
  readonly topK: number
  readonly shared?: number
  readonly firstDense?: number
}) {
  return {
    ...sparseKeys.shape,
    intermediate_size: size(defaults.feedForward),
    moe_intermediate_size: size(defaults.expertWidth),
    n_routed_experts: countOrNull(defaults.experts),
    n_shared_experts: countOrNull(defaults.shared ?? 0),
    num_experts_per_tok: size(defaults.topK),
    first_k_dense_replace: count(defaults.firstDense ?? 0)
  }
}

export type SparseKeys = z.infer<typeof sparseKeys>

/**
 * A decoder with experts in the layers that the keys name and dense feed-forwards in the others.
 *
 * @param mixerOf the attention of a layer; that of multi-token prediction follows the last
 * @param routerBias whether each router has a bias that balances its choices
 */
export function describeFineGrained(
  modelType: string,
  config: SparseKeys & Parameters<typeof decoder>[1],
  mixerOf: (layer: number) => Mixer,
  options: FineGrainedOptions
): ModelDescription {
  const moe = expertsOf(config, options)
  const dense = denseNetwork({ width: config.intermediate_size, ...options.dense })
  const blockOf = (layer: number, sparse: boolean): Block =>
    block(mixerOf(layer), sparse ? moe : dense, options.block?.(sparse, layer))
  return decoder(modelType, config, (layer) => blockOf(layer, isSparse(config, layer)), {
    multiTokenPrediction: prediction(options.predictionSteps, () => blockOf(config.num_hidden_layers, true)),
    ...options.model
  })
}

interface FineGrainedOptions {
  readonly routerBias: boolean
  readonly predictionSteps?: number | null
  /** Of the experts and the dense feed-forwards, where a family has them otherwise. */
  readonly moe?: Partial<Omit<MoeFeedForward, 'kind'>>
  readonly dense?: Partial<Omit<DenseFeedForward, 'kind'>>
  readonly block?: (sparse: boolean, layer: number) => Partial<Block>
  readonly model?: Parameters<typeof decoder>[3]
}

/**
 * Each step of multi-token prediction has a block, a projection of its own and three norms: of the hidden state, of the
 * embedding and before the head (DeepSeek-V3, arXiv 2412.19437, section 2.2).
 *
 * @param norms besides those of the block; default 3
 */
export function prediction(
  steps: number | null = 0,
  blockOf: () => Block,
  { norms = 3 }: { readonly norms?: number } = {}
): PredictionModule[] {
  return Array.from({ length: steps ?? 0 }, () => ({ blocks: [blockOf()], projections: 1, norm: 'rms', norms }))
}

/** Which layers have experts: a list of words or of 0 and 1 says so, or an interval after the first dense layers. */
function isSparse(config: SparseKeys, layer: number): boolean {
  const { moe_layer_freq: frequency, mlp_layer_types: types, num_hidden_layers: count } = config
  if (!config.n_routed_experts) return false
  if (types) return entryOf('mlp_layer_types', types, layer, count) !== 'dense'
  if (config.is_moe_layer) return entryOf('is_moe_layer', config.is_moe_layer, layer, count)
  if (typeof frequency === 'object' && frequency !== null) return entryOf('moe_layer_freq', frequency, layer, count) > 0
  return layer >= config.first_k_dense_replace && layer % (frequency ?? 1) === 0
}

/** Experts of `moe_intermediate_size`; the shared ones, of the same width, are one feed-forward. */
function expertsOf(config: SparseKeys, { routerBias, moe: rest }: FineGrainedOptions): FeedForward {
  const moe = moeNetwork({
    experts: config.n_routed_experts ?? 0,
    topK: config.num_experts_per_tok,
    expertWidth: config.moe_intermediate_size,
    routerBias,
    sharedExperts: config.n_shared_experts ?? 0,
    sharedExpertWidth: config.moe_intermediate_size,
    ...rest
  })
  if (config.n_routed_experts) checkTopK('num_experts_per_tok', moe)
  return moe
}
