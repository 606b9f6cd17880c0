/** T5 and Switch Transformers: encoder and decoder with one table of distance biases each. */
import { z } from 'zod'
import { expected } from '../describe/config-keys'
import type { Block, FeedForward, GroupedAttention, ModelDescription, Stack } from '../describe/description'
import { denseNetwork, groupedAttention, modelOf, moeNetwork } from '../describe/parts'
import { uniqueBlocks } from '../describe/unique-blocks'
import { family } from './family'
import { count, countOrNull, flag, flagOrNone, layers, size } from './keys'
import { checkTopK } from './parts'

const t5Keys = (tied: boolean, projection = 'relu') =>
  z.object({
    vocab_size: size(32128),
    d_model: size(512),
    d_kv: size(64),
    d_ff: size(2048),
    num_layers: layers(6),
    num_decoder_layers: layers().nullable().default(null),
    num_heads: size(8),
    relative_attention_num_buckets: size(32),
    feed_forward_proj: z.string(expected('a word')).default(projection),
    is_gated_act: flagOrNone,
    tie_word_embeddings: flag(tied)
  })

type T5Keys = ReturnType<ReturnType<typeof t5Keys>['parse']>

/** The feed-forward of a layer of a stack. */
type Schedule = (role: Stack['role'], layer: number) => FeedForward

/** Three norms in a decoder layer, whose cross attention has one too; RMSNorm everywhere, no biases. */
function describe(config: T5Keys, modelType: string, schedule: Schedule): ModelDescription {
  const { num_heads: heads, d_kv: headSize } = config
  const attention = groupedAttention({ heads, keyValueHeads: heads, headSize })
  const stack = (role: Stack['role'], count: number, mixers: GroupedAttention[]): Stack => ({
    role,
    blocks: uniqueBlocks(
      Array.from({ length: count }, (_, layer): Block => {
        return { mixers, feedForwards: [schedule(role, layer)], norm: 'rms', norms: mixers.length + 1 }
      })
    ),
    finalNorm: 'rms',
    distanceBiases: { buckets: config.relative_attention_num_buckets, heads }
  })
  return modelOf({
    modelType,
    vocabularySize: config.vocab_size,
    width: config.d_model,
    // Distances have buckets, the last of which is open.
    context: null,
    tiedEmbeddings: config.tie_word_embeddings,
    stacks: [
      stack('encoder', config.num_layers, [attention]),
      stack('decoder', config.num_decoder_layers ?? config.num_layers, [attention, { ...attention, source: 'encoder' }])
    ]
  })
}

/** Saved files also have the flag that follows from the name. */
const isGated = ({ feed_forward_proj: name, is_gated_act: gated }: T5Keys) => gated ?? name.startsWith('gated-')

const describeDense = (config: T5Keys, modelType: string) => {
  const dense = denseNetwork({ width: config.d_ff, gated: isGated(config) })
  return describe(config, modelType, () => dense)
}

/** Raffel et al. 2020 (arXiv 1910.10683); defaults of T5Config, which is tied (v1.1 writes false). */
export const t5 = family(['t5'], t5Keys(true), describeDense)

/**
 * Xue et al. 2021 (arXiv 2010.11934); defaults of MT5Config. Its checkpoints have an output projection of their own,
 * though transformers 5 says otherwise in its class.
 */
export const mt5 = family(
  ['mt5'],
  t5Keys(false, 'gated-gelu').extend({
    vocab_size: size(250_112),
    d_ff: size(1024),
    num_layers: layers(8),
    num_heads: size(6)
  }),
  describeDense
)

/**
 * Fedus et al. 2022 (arXiv 2101.03961); defaults and structure of SwitchTransformersConfig. A sparse step of 2 makes the
 * second, fourth, ... layer sparse, 1 all and 0 none; without a step it follows from the number of sparse layers. The
 * published file of switch-c-2048 contradicts the paper in its decoder; it is read as it stands.
 */
export const switchTransformers = family(
  ['switch_transformers'],
  t5Keys(true).extend({
    d_model: size(768),
    d_ff: size(2048),
    num_layers: layers(12),
    num_heads: size(12),
    num_experts: size(8),
    num_selected_experts: size(1),
    num_sparse_encoder_layers: count(3),
    num_sparse_decoder_layers: count(3),
    encoder_sparse_step: countOrNull(),
    decoder_sparse_step: countOrNull(),
    router_bias: flag(false)
  }),
  (config, modelType) => {
    const moe = moeNetwork({
      experts: config.num_experts,
      topK: config.num_selected_experts,
      expertWidth: config.d_ff,
      gated: isGated(config),
      routerBias: config.router_bias
    })
    checkTopK('num_selected_experts', moe)
    const dense = denseNetwork({ width: config.d_ff, gated: isGated(config) })
    const steps = {
      encoder: config.encoder_sparse_step ?? stepOf(config.num_layers, config.num_sparse_encoder_layers),
      decoder:
        config.decoder_sparse_step ??
        stepOf(config.num_decoder_layers ?? config.num_layers, config.num_sparse_decoder_layers)
    }
    return describe(config, modelType, (role, layer) => {
      const step = steps[role]
      return step === 1 || (step > 1 && layer % step === 1) ? moe : dense
    })
  }
)

function stepOf(layers: number, sparse: number): number {
  return sparse > 0 ? Math.floor(layers / sparse) : 0
}
