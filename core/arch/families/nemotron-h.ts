/** Nemotron-H and Nemotron 3: each layer has one part (Mamba-2, attention, experts or a feed-forward) and one norm. */
import { z } from 'zod'
import { ConfigError, problem } from '../describe/config-error'
import { expected } from '../describe/config-keys'
import type { Block, PredictionModule } from '../describe/description'
import { denseNetwork, listed, moeNetwork } from '../describe/parts'
import { family } from './family'
import { count, countOrNull, decoderKeys, flag, layers, listOrNull, predictionSteps, size, sizeOrNull } from './keys'
import { attentionOf, checkTopK, decoder } from './parts'

type Part = 'mamba' | 'attention' | 'moe' | 'mlp'

/** The letters of patterns, and the words of lists in files of different ages. */
const names: ReadonlyMap<string, Part> = new Map([
  ['M', 'mamba'],
  ['mamba', 'mamba'],
  ['linear_attention', 'mamba'],
  ['*', 'attention'],
  ['attention', 'attention'],
  ['full_attention', 'attention'],
  ['E', 'moe'],
  ['moe', 'moe'],
  ['-', 'mlp'],
  ['mlp', 'mlp']
])

const pattern = z.string(expected('a word of M, *, E and -')).max(10_000).nullable().default(null)
const list = listOrNull(z.string(expected('a word')), 'a list of mamba, attention, moe and mlp')

/**
 * NVIDIA 2025 (arXiv 2504.03624, 2512.20848); defaults and structure of NemotronHConfig of transformers. Feed-forwards
 * and experts are not gated (squared ReLU). With `moe_latent_size` experts work in a latent. The number of layers is the
 * length of the pattern, whatever `num_hidden_layers` says.
 */
export const nemotronH = family(
  ['nemotron_h'],
  decoderKeys({
    vocabulary: 131_072,
    width: 4096,
    heads: 32,
    keyValueHeads: 8,
    headSize: 128,
    context: 4096
  }).extend({
    num_hidden_layers: layers().nullish(),
    hybrid_override_pattern: pattern,
    layers_block_type: list,
    intermediate_size: size(21504),
    mlp_bias: flag(false),
    sliding_window: sizeOrNull(),
    mamba_num_heads: size(128),
    mamba_head_dim: size(64),
    n_groups: size(8),
    ssm_state_size: size(128),
    conv_kernel: size(4),
    // Of the width; heads and their size say the same.
    expand: z.unknown().optional(),
    use_conv_bias: flag(true),
    use_bias: flag(false),
    n_routed_experts: size(8),
    num_experts_per_tok: size(2),
    n_shared_experts: countOrNull(1),
    moe_intermediate_size: size(7688),
    moe_shared_expert_intermediate_size: count(7688),
    moe_latent_size: sizeOrNull(),
    num_nextn_predict_layers: predictionSteps,
    mtp_hybrid_override_pattern: pattern,
    mtp_layers_block_type: list
  }),
  (config, modelType) => {
    const blocks: Record<Part, Block> = {
      mamba: {
        mixers: [
          {
            kind: 'mamba2',
            heads: config.mamba_num_heads,
            headSize: config.mamba_head_dim,
            groups: config.n_groups,
            stateSize: config.ssm_state_size,
            kernel: config.conv_kernel,
            kernelBias: config.use_conv_bias,
            projectionBias: config.use_bias
          }
        ],
        feedForwards: [],
        norm: 'rms',
        norms: 1
      },
      attention: {
        mixers: [attentionOf(config, { window: config.sliding_window })],
        feedForwards: [],
        norm: 'rms',
        norms: 1
      },
      moe: { mixers: [], feedForwards: [experts(config)], norm: 'rms', norms: 1, extras: latentBiases(config) },
      mlp: {
        mixers: [],
        feedForwards: [denseNetwork({ width: config.intermediate_size, gated: false, bias: config.mlp_bias })],
        norm: 'rms',
        norms: 1
      }
    }
    const schedule =
      read('layers_block_type', config.layers_block_type) ??
      read('hybrid_override_pattern', config.hybrid_override_pattern)
    if (!schedule?.length) {
      throw new ConfigError(problem('hybrid_override_pattern', 'expected a word of M, *, E and -, found nothing'))
    }
    const predicted = read('mtp_layers_block_type', config.mtp_layers_block_type) ??
      read('mtp_hybrid_override_pattern', config.mtp_hybrid_override_pattern) ?? ['attention', 'moe']
    const module: PredictionModule = {
      blocks: predicted.map((part) => blocks[part]),
      projections: 1,
      norm: 'rms',
      norms: 3
    }
    return decoder(
      modelType,
      { ...config, num_hidden_layers: schedule.length },
      (layer) => blocks[schedule[layer] ?? 'mlp'],
      {
        // The class has a projection of its own, whatever the flag says.
        tiedEmbeddings: false,
        multiTokenPrediction: Array.from({ length: config.num_nextn_predict_layers ?? 0 }, () => module)
      }
    )
  }
)

function experts(config: {
  readonly n_routed_experts: number
  readonly num_experts_per_tok: number
  readonly n_shared_experts: number | null
  readonly moe_intermediate_size: number
  readonly moe_shared_expert_intermediate_size: number
  readonly moe_latent_size: number | null
  readonly mlp_bias: boolean
}) {
  const shared = config.n_shared_experts ? config.moe_shared_expert_intermediate_size : 0
  const moe = moeNetwork({
    experts: config.n_routed_experts,
    topK: config.num_experts_per_tok,
    expertWidth: config.moe_intermediate_size,
    gated: false,
    sharedBias: config.mlp_bias,
    routerBias: true,
    sharedExperts: shared > 0 ? 1 : 0,
    sharedExpertWidth: shared,
    latentWidth: config.moe_latent_size
  })
  checkTopK('num_experts_per_tok', moe)
  return moe
}

/** `mlp_bias` is of the projections around the latent, too. */
function latentBiases({
  moe_latent_size: latent,
  mlp_bias: bias
}: {
  moe_latent_size: number | null
  mlp_bias: boolean
}) {
  return latent === null || !bias
    ? []
    : [listed('other', 'bias into the latent', latent), listed('other', 'bias out of the latent', 'width')]
}

/** The parts that a pattern or list names; null where there is none. */
function read(key: string, schedule: string | readonly string[] | null): Part[] | null {
  if (schedule === null) return null
  return [...schedule].map((name) => {
    const part = names.get(name)
    if (part) return part
    throw new ConfigError(
      problem(key, `expected mamba (M), attention (*), moe (E) or mlp (-), found ${JSON.stringify(name)}`)
    )
  })
}
