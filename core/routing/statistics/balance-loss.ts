/**
 * The load balance loss E sum f_e P_e (Fedus et al. 2022, "Switch Transformers", equation 4), without its coefficient,
 * in the two conventions that are in use. P_e is the router's mean probability for an expert.
 */
export interface BalanceLoss {
  /** f_e is the share of the tokens whose top k has the expert; it sums to k (Hugging Face's Mixtral). Even: k. */
  readonly perToken: number
  /** f_e is the share of the assignments; it sums to 1. Even, and random routing of many tokens: 1. */
  readonly perAssignment: number
}

/**
 * @param counts tokens that each expert was any choice of: `[experts]`
 * @param probabilities the router's probabilities, added up over the tokens: `[experts]`
 * @param tokens how many tokens these are
 */
export function balanceLoss(counts: ArrayLike<number>, probabilities: ArrayLike<number>, tokens: number): BalanceLoss {
  const experts = counts.length
  let products = 0
  let assignments = 0
  for (let expert = 0; expert < experts; expert++) {
    products += (counts[expert] ?? 0) * (probabilities[expert] ?? 0)
    assignments += counts[expert] ?? 0
  }
  return {
    perToken: (experts * products) / tokens ** 2,
    perAssignment: (experts * products) / (assignments * tokens)
  }
}
