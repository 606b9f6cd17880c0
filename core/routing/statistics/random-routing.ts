/** Baselines of random routing: each token to k of E experts, all sets equally likely, independent of all else. */

/** Probability that two tokens have the same first choice: 1/E (12.5 % for Mixtral; Jiang et al. 2024, Table 5). */
export function randomRepeatFirst(experts: number): number {
  return 1 / experts
}

/**
 * Probability that two tokens share at least one expert: 1 - C(E-k, k) / C(E, k) (46.4 % for Mixtral; Jiang et al.
 * 2024, Table 5).
 */
export function randomRepeatAny(experts: number, topK: number): number {
  let disjoint = 1
  for (let i = 0; i < topK; i++) disjoint *= Math.max(0, experts - topK - i) / (experts - i)
  return 1 - disjoint
}

/** Probability that two tokens have the same set of experts: 1 / C(E, k). */
export function randomSameSet(experts: number, topK: number): number {
  let sets = 1
  for (let i = 0; i < topK; i++) sets *= (experts - i) / (i + 1)
  return 1 / sets
}

/** Share of a token's experts that another token has, too: k/E. */
export function randomOverlap(experts: number, topK: number): number {
  return topK / experts
}

/** Probability that an expert is chosen beside one that is: (k-1) / (E-1). */
export function randomCoActivation(experts: number, topK: number): number {
  return experts > 1 ? (topK - 1) / (experts - 1) : 0
}

/**
 * The same for the place right before or after it: of k places k-1 have a next one and k-1 one before, so there are
 * 2(k-1)/k such neighbours on average, each any of E-1 experts.
 */
export function randomAdjacentCoActivation(experts: number, topK: number): number {
  return experts > 1 ? (2 * (topK - 1)) / (topK * (experts - 1)) : 0
}

/** Experts that a batch of n tokens reaches: E (1 - (1 - k/E)^n). */
export function randomUniqueExperts(experts: number, topK: number, batch: number): number {
  return experts * (1 - (1 - topK / experts) ** batch)
}

/** About the coefficient of variation of the load of many tokens: sqrt((E-k) / (k T)). */
export function randomVariation(experts: number, topK: number, tokens: number): number {
  return Math.sqrt((experts - topK) / (topK * tokens))
}
