/** DeepSeek and Kimi K2. */
import type { z } from 'zod'
import type { RouterSpec } from '../architecture'
import { isBalanced, v3Keys } from './deepseek-keys'
import { type Family, family } from './family'
import { describeFineGrained, sparseKeys } from './fine-grained'
import { correctedRouterOf, groupedRouterOf, groupingKeys } from './grouped-routing'
import { computationKeys, countOrNull, decoderKeys, flag, layers, size, sizeOrNull } from './keys'
import { describeLatent, latentKeys } from './latent'
import { attentionOf, rotaryOf } from './parts'

/** Dai et al. 2024 (arXiv 2401.06066; modeling_deepseek.py of deepseek-moe-16b-base): ordinary attention. */
export const deepseek = family(
  ['deepseek'],
  decoderKeys({})
    .extend(sparseKeys.shape)
    .extend({ attention_bias: flag(false) }),
  (config, modelType) => {
    const attention = attentionOf(config, { bias: config.attention_bias ? 'all' : 'none' })
    return describeFineGrained(modelType, config, () => attention, { routerBias: false })
  }
)

/**
 * DeepSeek-V2 (arXiv 2405.04434; modeling_deepseek.py of the checkpoint); defaults of DeepseekV2Config but for the width
 * of experts, 1407 there, which no checkpoint has. The router has a bias only with noaux_tc.
 */
const latentV2 = family(
  ['deepseek_v2'],
  latentKeys.extend({
    vocab_size: size(102_400),
    hidden_size: size(4096),
    num_hidden_layers: layers(32),
    num_attention_heads: size(32),
    intermediate_size: size(11008),
    n_routed_experts: countOrNull(64),
    n_shared_experts: countOrNull(2),
    max_position_embeddings: sizeOrNull(2048),
    ...computationKeys({ epsilon: 1e-6, base: 10_000 }),
    ...groupingKeys({ groups: null, used: null, normalised: false, factor: 1 })
  }),
  (config, modelType) => {
    const { topk_method: method } = config
    const isLimited = method === 'group_limited_greedy'
    // Without groups the best of all experts are taken, whatever the keys say.
    const grouping = isLimited ? config : { ...config, n_group: null, topk_group: null }
    const form = { scores: 'softmax', correction: false, group_best: 1, normalise_gates: false } as const
    const isKnown = method === null || method === 'greedy' || isLimited
    const router = isKnown ? groupedRouterOf(grouping, form) : null
    return describeLatent(config, modelType, method === 'noaux_tc', undefined, computed(config, router, true))
  }
)

/** The keys of config.json that fix the computation of a decoder with latent attention. */
function computed(
  config: z.infer<z.ZodObject<ReturnType<typeof computationKeys>>>,
  router: RouterSpec | null,
  interleaved: boolean
) {
  const { rms_norm_eps: normEpsilon, hidden_act: activation } = config
  return {
    rotary: { ...rotaryOf(config), interleaved },
    moe: { router, activation },
    dense: { activation },
    model: { normEpsilon }
  }
}

/** DeepSeek-OCR's language model has ordinary attention and says so. */
export const deepseekV2: Family = {
  modelTypes: latentV2.modelTypes,
  read: (keys, modelType) => (keys.use_mla === false ? deepseek : latentV2).read(keys, modelType)
}

/**
 * DeepSeek-V3 (arXiv 2412.19437), Kimi K2 (arXiv 2507.20534), Moonlight; defaults of DeepseekV3Config. The router's bias
 * (e_score_correction_bias) belongs to the method noaux_tc, which is the default.
 */
export const deepseekV3 = family(['deepseek_v3', 'kimi_k2'], v3Keys, (config, modelType) => {
  const router = isBalanced(config) ? correctedRouterOf(config) : null
  const options = computed(config, router, config.rope_interleave)
  return describeLatent(config, modelType, isBalanced(config) && !router, undefined, options)
})
