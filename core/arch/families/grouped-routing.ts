/** The keys of routers with groups of experts, as DeepSeek-V2, DeepSeek-V3 and GLM-4.5 have them. */
import { type GroupedSettings, groupedRouterSpec } from '../../routers/grouped'
import type { RouterSpec } from '../architecture'
import * as basic from '../describe/config-keys'
import { flag, sizeOrNull } from './keys'

/** With the defaults of a class. */
export function groupingKeys(defaults: {
  readonly groups: number | null
  readonly used: number | null
  readonly normalised: boolean
  readonly factor: number
}) {
  return {
    n_group: sizeOrNull(defaults.groups),
    topk_group: sizeOrNull(defaults.used),
    norm_topk_prob: flag(defaults.normalised),
    routed_scaling_factor: basic.positive.default(defaults.factor)
  }
}

interface GroupingKeys {
  readonly n_routed_experts: number | null
  readonly num_experts_per_tok: number
  readonly n_group: number | null
  readonly topk_group: number | null
  readonly routed_scaling_factor: number
}

/** The router that the keys say; null where its groups do not fit the experts, so that it can be counted and not run. */
export function groupedRouterOf(
  config: GroupingKeys,
  rest: Pick<GroupedSettings, 'scores' | 'correction' | 'group_best' | 'normalise_gates'>
): RouterSpec | null {
  const { n_routed_experts: experts, num_experts_per_tok: topK, routed_scaling_factor } = config
  const [n_group, topk_group] = [config.n_group ?? 1, config.topk_group ?? 1]
  const size = (experts ?? 0) / n_group
  if (!Number.isInteger(size) || topk_group > n_group || topk_group * size < topK) return null
  return groupedRouterSpec({ ...rest, n_group, topk_group, routed_scaling_factor })
}

/** The same with DeepSeek-V3's sigmoid and a bias that corrects the choice. */
export function correctedRouterOf(config: GroupingKeys & { readonly norm_topk_prob: boolean }): RouterSpec | null {
  return groupedRouterOf(config, {
    scores: 'sigmoid',
    correction: true,
    group_best: 2,
    normalise_gates: config.norm_topk_prob
  })
}
