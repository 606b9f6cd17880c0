/** M2M-100 and NLLB, dense and with experts: biases everywhere, LayerNorms, positions without weights. */
import { z } from 'zod'
import { check } from '../describe/config-error'
import type { Block, FeedForward, Mixer, ModelDescription, Stack } from '../describe/description'
import { denseNetwork, groupedAttention, modelOf, moeNetwork } from '../describe/parts'
import { uniqueBlocks } from '../describe/unique-blocks'
import { family } from './family'
import { count, flag, layers, size, sizeOrNull } from './keys'
import { checkTopK } from './parts'

const m2mKeys = z.object({
  vocab_size: size(128_112),
  d_model: size(1024),
  encoder_layers: layers(12),
  decoder_layers: layers(12),
  encoder_ffn_dim: size(4096),
  decoder_ffn_dim: size(4096),
  encoder_attention_heads: size(16),
  decoder_attention_heads: size(16),
  max_position_embeddings: sizeOrNull(1024),
  tie_word_embeddings: flag(true)
})

type M2mKeys = z.infer<typeof m2mKeys>

/** The feed-forward of a layer of a stack. */
type Schedule = (role: Stack['role'], layer: number) => FeedForward

function describe(config: M2mKeys, modelType: string, schedule: Schedule): ModelDescription {
  return modelOf({
    modelType,
    vocabularySize: config.vocab_size,
    width: config.d_model,
    context: config.max_position_embeddings,
    tiedEmbeddings: config.tie_word_embeddings,
    stacks: [stackOf(config, 'encoder', schedule), stackOf(config, 'decoder', schedule)]
  })
}

function stackOf(config: M2mKeys, role: Stack['role'], schedule: Schedule): Stack {
  const heads = config[`${role}_attention_heads`]
  const headSize = config.d_model / heads
  check(Number.isInteger(headSize), `${role}_attention_heads`, `expected a divisor of d_model ${config.d_model}`, heads)
  const attention = groupedAttention({ heads, keyValueHeads: heads, headSize, bias: 'all' })
  const mixers: Mixer[] = role === 'encoder' ? [attention] : [attention, { ...attention, source: 'encoder' }]
  const blocks = Array.from({ length: config[`${role}_layers`] }, (_, layer): Block => {
    return { mixers, feedForwards: [schedule(role, layer)], norm: 'layer', norms: mixers.length + 1 }
  })
  return { role, blocks: uniqueBlocks(blocks), finalNorm: 'layer', distanceBiases: null }
}

const denseOf = (config: M2mKeys, role: Stack['role']) =>
  denseNetwork({ width: config[`${role}_ffn_dim`], gated: false, bias: true })

/** Fan et al. 2020 (arXiv 2010.11125); defaults of M2M100Config, also of the dense NLLB models. */
export const m2m100 = family(['m2m_100'], m2mKeys, (config, modelType) =>
  describe(config, modelType, (role) => denseOf(config, role))
)

/**
 * NLLB Team 2022 (arXiv 2207.04672); defaults and structure of NllbMoeConfig: every `sparse_step`-th layer has experts,
 * none when it is 0, and a token goes to two of them, which no key says.
 */
export const nllbMoe = family(
  ['nllb-moe'],
  m2mKeys.extend({
    num_experts: size(128),
    num_experts_per_tok: size(2),
    encoder_sparse_step: count(4),
    decoder_sparse_step: count(4),
    router_bias: flag(false)
  }),
  (config, modelType) =>
    describe(config, modelType, (role, layer) => {
      const step = config[`${role}_sparse_step`]
      if (step === 0 || (layer + 1) % step !== 0) return denseOf(config, role)
      const moe = moeNetwork({
        experts: config.num_experts,
        topK: config.num_experts_per_tok,
        expertWidth: config[`${role}_ffn_dim`],
        gated: false,
        expertBias: true,
        routerBias: config.router_bias
      })
      checkTopK('num_experts_per_tok', moe)
      return moe
    })
)
