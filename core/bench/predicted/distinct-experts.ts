/**
 * Expected number of different experts that n tokens use, of E experts with k for each token chosen at random without
 * preference: one expert is left out by one token with probability 1 - k/E, by all n, which choose independently, with
 * (1 - k/E)^n, so E (1 - (1 - k/E)^n) are used by at least one. Real routing repeats itself: it uses fewer.
 */
export function expectedDistinctExperts(experts: number, topK: number, tokens: number): number {
  return experts * (1 - (1 - topK / experts) ** tokens)
}
