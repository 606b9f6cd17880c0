/** Latent attention (DeepSeek-V2, arXiv 2405.04434), with an indexer or without. */
import { z } from 'zod'
import type { Indexer, LatentAttention, ModelDescription } from '../describe/description'
import { describeFineGrained, sparseKeys } from './fine-grained'
import { decoderKeys, flag, predictionSteps, size, sizeOrNull } from './keys'

/** Widths of latent attention; `num_key_value_heads` and `head_dim` mean nothing beside them. */
export const latentKeys = decoderKeys({})
  .extend(sparseKeys.shape)
  .extend({
    q_lora_rank: sizeOrNull(1536),
    kv_lora_rank: size(512),
    qk_nope_head_dim: size(128),
    qk_rope_head_dim: size(64),
    v_head_dim: size(128),
    attention_bias: flag(false),
    topk_method: z.string().nullable().default(null),
    num_nextn_predict_layers: predictionSteps
  })

export type LatentKeys = z.infer<typeof latentKeys>

/** Latent attention by its keys. */
export function latentAttention(
  config: Pick<
    LatentKeys,
    | 'num_attention_heads'
    | 'q_lora_rank'
    | 'kv_lora_rank'
    | 'qk_nope_head_dim'
    | 'qk_rope_head_dim'
    | 'v_head_dim'
    | 'attention_bias'
  >,
  indexer: Indexer | null = null,
  rotary?: LatentAttention['rotary']
): LatentAttention {
  return {
    kind: 'latentAttention',
    heads: config.num_attention_heads,
    queryRank: config.q_lora_rank,
    keyValueRank: config.kv_lora_rank,
    plainHeadSize: config.qk_nope_head_dim,
    rotaryHeadSize: config.qk_rope_head_dim,
    valueHeadSize: config.v_head_dim,
    bias: config.attention_bias,
    ...(rotary && { rotary }),
    indexer
  }
}

/** A decoder with latent attention and fine-grained experts. */
export function describeLatent(
  config: LatentKeys,
  modelType: string,
  routerBias: boolean,
  indexerOf: (layer: number) => Indexer | null = () => null,
  {
    rotary,
    ...options
  }: Partial<Parameters<typeof describeFineGrained>[3]> & { readonly rotary?: LatentAttention['rotary'] } = {}
): ModelDescription {
  const mixerOf = (layer: number) => latentAttention(config, indexerOf(layer), rotary)
  return describeFineGrained(modelType, config, mixerOf, {
    routerBias,
    predictionSteps: config.num_nextn_predict_layers,
    ...options
  })
}

/** Keys of the lightning indexer (deepseek-ai/DeepSeek-V3.2-Exp). */
export const indexerKeys = {
  index_head_dim: size(128),
  index_n_heads: size(64),
  index_topk: size(2048)
}

/** An indexer by its keys. */
export function indexerOf(
  config: { readonly index_head_dim: number; readonly index_n_heads: number; readonly index_topk: number },
  source: Indexer['source'] = 'own'
): Indexer {
  return { heads: config.index_n_heads, headSize: config.index_head_dim, topK: config.index_topk, source }
}
