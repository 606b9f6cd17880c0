/** Decoders that differ in defaults and options alone: one grouped attention and one feed-forward in each layer. */
import { z } from 'zod'
import type { Block, DenseFeedForward, GroupedAttention, ModelDescription } from '../describe/description'
import { denseNetwork } from '../describe/parts'
import { type Family, family } from './family'
import { decoderKeys, flag, listOrNull, sizeOrNull } from './keys'
import { attentionOf, block, decoder } from './parts'

type Defaults = Parameters<typeof decoderKeys>[0] & {
  /** Width of the feed-forward; four times that of the residual stream where there is none. */
  readonly feedForward?: number
  readonly attentionBias?: boolean
  readonly networkBias?: boolean
}

/** The sizes of a class by default; a context of null where positions have no end. */
export const heads = (
  width: number,
  layers: number,
  count: number,
  vocabulary: number,
  context: number | null = 2048
) => ({
  width,
  layers,
  heads: count,
  vocabulary,
  context
})

/** Output projections that are the embedding by default. */
export const tied = { tied: true } as const

const plainKeys = ({ feedForward, attentionBias = false, networkBias = false, ...defaults }: Defaults) =>
  decoderKeys(defaults).extend({
    intermediate_size: sizeOrNull(feedForward ?? null),
    attention_bias: flag(attentionBias).nullable(),
    mlp_bias: flag(networkBias).nullable(),
    sliding_window: sizeOrNull().catch(null),
    layer_types: listOrNull(z.string(), 'a list of words').catch(null)
  })

export type PlainConfig = ReturnType<ReturnType<typeof plainKeys>['parse']>

/** Differences of a family from Llama, by its keys. */
interface Options<Config> {
  readonly attention?: (config: Config) => Partial<Omit<GroupedAttention, 'kind'>>
  readonly network?: (config: Config) => Partial<Omit<DenseFeedForward, 'kind'>>
  readonly block?: (config: Config) => Partial<Block>
  readonly model?: (config: Config) => Partial<Omit<Parameters<typeof decoder>[3] & object, 'blocks'>>
}

/**
 * A family of such decoders. Biases are on all projections with `attention_bias`, on feed-forwards with `mlp_bias`; the
 * layers that `layer_types` calls sliding have the window.
 *
 * @param keys that it reads besides
 */
export function plain<Extra extends z.ZodRawShape = z.ZodRawShape>(
  modelTypes: readonly string[],
  defaults: Defaults,
  options: Options<PlainConfig & z.output<z.ZodObject<Extra>>> = {},
  keys?: Extra
): Family {
  const schema = plainKeys(defaults).extend(keys ?? {})
  return family(modelTypes, schema, (parsed, modelType): ModelDescription => {
    const config = parsed as PlainConfig & z.output<z.ZodObject<Extra>>
    const attention = attentionOf(config, {
      bias: config.attention_bias ? 'all' : 'none',
      ...options.attention?.(config)
    })
    const network = denseNetwork({
      width: config.intermediate_size ?? 4 * config.hidden_size,
      bias: config.mlp_bias ?? false,
      ...options.network?.(config)
    })
    const blockOf = (window: number | null): Block =>
      block(window === null ? attention : { ...attention, window }, network, options.block?.(config))
    return decoder(
      modelType,
      config,
      (layer) => blockOf(config.layer_types?.[layer] === 'sliding_attention' ? config.sliding_window : null),
      options.model?.(config)
    )
  })
}
