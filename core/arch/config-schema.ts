/**
 * The keys of a Hugging Face config.json that fix what the three runnable kinds compute. Missing keys take the class
 * defaults of transformers (checked against 5.18: LlamaConfig, MixtralConfig, Qwen2MoeConfig in
 * src/transformers/models/{llama,mixtral,qwen2_moe}/configuration_*.py). Values that would change the computation in
 * a way Moescope does not run are errors; keys that do not matter to it (dropout, token ids, ...) are ignored.
 */
import { z } from 'zod'
import type { RunnableModelType } from './architecture'
import { count, expected, flag, found, layerCount, positive, size } from './describe/config-keys'

const modelTypes = ['llama', 'mixtral', 'qwen2_moe'] as const satisfies RunnableModelType[]

const unsupported = (reason: string) => z.literal(false, expected(`false (${reason})`)).default(false)

const plainRope = z.literal('default', expected("'default', since other rotary scalings are not supported"))

function decoder(defaults: {
  vocab_size: number
  hidden_size: number
  intermediate_size: number
  num_hidden_layers: number
  num_attention_heads: number
  /** null: as many as there are heads. */
  num_key_value_heads: number | null
  max_position_embeddings: number
  rms_norm_eps: number
  rope_theta: number
}) {
  return z.object({
    vocab_size: size.default(defaults.vocab_size),
    hidden_size: size.default(defaults.hidden_size),
    intermediate_size: size.default(defaults.intermediate_size),
    num_hidden_layers: layerCount.default(defaults.num_hidden_layers),
    num_attention_heads: size.default(defaults.num_attention_heads),
    num_key_value_heads: size.nullable().default(defaults.num_key_value_heads),
    head_dim: size.nullish(),
    max_position_embeddings: size.default(defaults.max_position_embeddings),
    rms_norm_eps: positive.default(defaults.rms_norm_eps),
    rope_theta: positive.default(defaults.rope_theta),
    // Up to transformers 4: null unless the frequencies are scaled. `type` is the old name of `rope_type`.
    rope_scaling: z
      .union([z.object({ rope_type: plainRope }), z.object({ type: plainRope })], {
        error: ({ input }) => `expected null, since scaled rotary frequencies are not supported; found ${found(input)}`
      })
      .nullish(),
    // From transformers 5 on: also holds the base.
    rope_parameters: z.object({ rope_type: plainRope.default('default'), rope_theta: positive.optional() }).nullish(),
    hidden_act: z.literal('silu', expected("'silu', since only SwiGLU feed-forwards are supported")).default('silu'),
    tie_word_embeddings: flag.default(false)
  })
}

const llama = decoder({
  vocab_size: 32000,
  hidden_size: 4096,
  intermediate_size: 11008,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: null,
  max_position_embeddings: 2048,
  rms_norm_eps: 1e-6,
  rope_theta: 10_000
}).extend({
  model_type: z.literal('llama'),
  attention_bias: unsupported('it also puts a bias on the output projection, which is not supported'),
  mlp_bias: unsupported('feed-forward biases are not supported')
})

const mixtral = decoder({
  vocab_size: 32000,
  hidden_size: 4096,
  intermediate_size: 14336,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  max_position_embeddings: 131_072,
  rms_norm_eps: 1e-5,
  rope_theta: 1_000_000
}).extend({
  model_type: z.literal('mixtral'),
  num_local_experts: size.default(8),
  num_experts_per_tok: size.default(2),
  sliding_window: size.nullish()
})

const qwen2Moe = decoder({
  vocab_size: 151_936,
  hidden_size: 2048,
  intermediate_size: 5632,
  num_hidden_layers: 24,
  num_attention_heads: 16,
  num_key_value_heads: 16,
  max_position_embeddings: 32_768,
  rms_norm_eps: 1e-6,
  rope_theta: 10_000
}).extend({
  model_type: z.literal('qwen2_moe'),
  num_experts: count.default(60),
  num_experts_per_tok: size.default(4),
  moe_intermediate_size: size.default(1408),
  shared_expert_intermediate_size: count.default(5632),
  norm_topk_prob: flag.default(false),
  decoder_sparse_step: size.default(1),
  mlp_only_layers: z.array(count, expected('a list of layer indices')).nullish(),
  qkv_bias: flag.default(true),
  use_sliding_window: flag.default(false),
  // transformers 5 saves 0 where use_sliding_window is false.
  sliding_window: count.nullable().default(4096)
})

/** A config.json of one of the runnable kinds, defaults filled in. */
export const configSchema = z.discriminatedUnion('model_type', [llama, mixtral, qwen2Moe], {
  error: ({ code, input }) =>
    code === 'invalid_union'
      ? `expected one of ${modelTypes.join(', ')} (the kinds that can be run), found ${found(modelTypeOf(input))}`
      : `expected an object, found ${found(input)}`
})

export type Config = z.infer<typeof configSchema>

function modelTypeOf(config: unknown): unknown {
  return typeof config === 'object' && config !== null && 'model_type' in config ? config.model_type : undefined
}
