/** GLM-4.5. */
import type { z } from 'zod'
import * as basic from '../describe/config-keys'
import { expected } from '../describe/config-keys'
import type { ModelDescription } from '../describe/description'
import { family } from './family'
import { describeFineGrained, sparseKeys } from './fine-grained'
import { correctedRouterOf, groupingKeys } from './grouped-routing'
import {
  computationKeys,
  count,
  countOrNull,
  decoderKeys,
  flag,
  layers,
  predictionSteps,
  size,
  sizeOrNull
} from './keys'
import { attentionOf, headSizeOf, rotaryOf } from './parts'

const glmDefaults = { vocabulary: 151_552, width: 4096, layers: 46, heads: 96, keyValueHeads: 8, context: 131_072 }

const glm4MoeKeys = decoderKeys(glmDefaults)
  .extend(sparseKeys.shape)
  .extend({
    num_hidden_layers: layers(46),
    intermediate_size: size(10944),
    moe_intermediate_size: size(1408),
    n_routed_experts: countOrNull(128),
    n_shared_experts: countOrNull(1),
    num_experts_per_tok: size(8),
    first_k_dense_replace: count(1),
    attention_bias: flag(false),
    use_qk_norm: flag(false),
    num_nextn_predict_layers: predictionSteps,
    ...computationKeys({ epsilon: 1e-5, base: 10_000 }),
    ...groupingKeys({ groups: 1, used: 1, normalised: true, factor: 1 }),
    partial_rotary_factor: basic.positive.max(1, expected('at most 1')).default(0.5)
  })

/**
 * GLM-4.5 (arXiv 2508.06471); defaults and structure of Glm4MoeConfig: `attention_bias` leaves the output projection
 * out, norms of heads only with `use_qk_norm`.
 */
export const glm4Moe = family(['glm4_moe'], glm4MoeKeys, describeGlm4Moe)

/** GLM-4.5V, the language model; defaults of Glm4vMoeTextConfig of transformers. */
export const glm4vMoe = family(
  ['glm4v_moe_text', 'glm4v_moe'],
  glm4MoeKeys.extend({
    vocab_size: size(151_424),
    max_position_embeddings: sizeOrNull(65_536),
    attention_bias: flag(true)
  }),
  describeGlm4Moe
)

function describeGlm4Moe(config: z.infer<typeof glm4MoeKeys>, modelType: string): ModelDescription {
  const { rms_norm_eps: normEpsilon, hidden_act: activation, partial_rotary_factor: own } = config
  const share = config.rope_parameters?.partial_rotary_factor
  const rotarySize = Math.trunc(headSizeOf(config) * (typeof share === 'number' ? share : own))
  const attention = attentionOf(config, {
    bias: config.attention_bias ? 'queryKeyValue' : 'none',
    queryKeyNorm: config.use_qk_norm ? 'head' : 'none',
    rotary: rotaryOf(config),
    ...(rotarySize < headSizeOf(config) && { rotarySize })
  })
  const router = correctedRouterOf(config)
  return describeFineGrained(modelType, config, () => attention, {
    routerBias: !router,
    predictionSteps: config.num_nextn_predict_layers,
    moe: { router, activation },
    dense: { activation },
    model: { normEpsilon }
  })
}
