/** Keys of a config.json that its reader did not read, and what their names say of them. */
import { isObject, type Keys } from '../describe/config-keys'

/** Names of what no count needs: of training, sampling, tokens, positions, activations and files. */
const withoutWeights =
  /(token|rope|rotary|theta|dropout|droppath|_eps|epsilon|initializer|init_|_init|dtype|version|use_cache|_act|activation|loss|coef|jitter|architectures|auto_map|implementation|output_(attentions|hidden|router)|return_dict|pretraining|task_|label|problem|prefix|scaling|scale|softcap|cap(ping)?$|temperature|norm_topk|^norm_|position|window|max_|seq_len|seq_length|model_length|name|quant|compression_config|torchscript|pruned|gradient|feed_forward_chunk|chunk_size|tie_|tied_|model_type|n_group|topk_group|topk_method|scoring|score_func|router_|beam|diversity|penalty|do_sample|top_p$|repetition|no_repeat|finetuning|language|mask|_std|_range|clip|limit|_id$|_ids$|seed|image|video|vision|audio|speech|projector|template|ep_size|parallel|mscale|flash|fused|kernel_impl|backend|remove_|license|_version|deterministic|residual_in_fp32|dispatch|_method$|reduce|alpha|beta|rescale|^mm_|^qk_head_dim$|^lm_head$|kernels$|capacity|group_query_attention|(attention|embedding|residual|key|in|out|lm_head|mlp|ssm|logits_mup_width)_multipliers?$)/

/** Names of sizes, and of which layer is of which kind. */
const ofShapes =
  /(dim|size|width|rank|lora|latent|conv|state|hidden|inner|experts?|moe|layers?|heads?|blocks?|pattern|schedule|freq|interval|every|types?$|configs?$|ratios?$|groups?|mult|hc_|gram|embed|sparse|dense|share|residual|adapter|gate|expand|kernel|memory|depth|step|loop|recur|repeat|bias|qk_\w*norm)/

/** Keys that are not read, without those that say nothing of weights. */
export function unreadKeys(keys: Keys, read: Iterable<string>): string[] {
  const known = new Set(read)
  return Object.keys(keys).filter(
    (key) => !known.has(key) && !key.startsWith('_') && !withoutWeights.test(key) && isSaid(keys[key])
  )
}

/** Of these, the keys that look like a size or a schedule of layers. */
export function shapeKeys(keys: Keys, unread: readonly string[]): string[] {
  return unread.filter((key) => ofShapes.test(key) && couldBeShape(key, keys[key]))
}

function isSaid(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  return value !== null && value !== undefined && value !== false && value !== 0 && value !== ''
}

function couldBeShape(key: string, value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value) || /mult|ratio/.test(key)
  // Letters or numbers of layers in one word.
  if (typeof value === 'string') return /(pattern|schedule|layers|freq|blocks?)$/.test(key)
  return value === true || Array.isArray(value) || isObject(value)
}

/** Keys in a sentence, of many the first `most`. */
export function namesOf(keys: readonly string[], most = 12): string {
  const shown = keys.slice(0, most).map((key) => key.slice(0, 60))
  return keys.length > shown.length ? `${shown.join(', ')} and ${keys.length - shown.length} more` : shown.join(', ')
}
