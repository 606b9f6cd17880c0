/** Logits to chosen experts and their weights, as in Mixtral and OLMoE. */

/**
 * The weights of the chosen experts from the logits: softmax over all experts, then the weights of the chosen
 * ones as they are (`softmax`: OLMoE, Qwen1.5-MoE, with `norm_topk_prob: false`), or divided by their sum
 * (`renormalised`: Mixtral, Qwen3-MoE).
 */
export const gateKinds = ['renormalised', 'softmax'] as const

export type GateKind = (typeof gateKinds)[number]

/**
 * The `topK` experts with the highest logits, best first, and their weights; of equal logits the first expert wins.
 * `logits`: `[rows, experts]`, no NaN; results: `[rows, topK]`.
 */
export function chooseExperts(
  logits: Float32Array,
  experts: number,
  topK: number,
  gates: GateKind
): { readonly ids: Uint16Array; readonly weights: Float32Array } {
  const rows = logits.length / experts
  const ids = new Uint16Array(rows * topK)
  const weights = new Float32Array(rows * topK)
  for (let row = 0; row < rows; row++) {
    const begin = row * experts
    const chosen = row * topK
    for (let expert = 0; expert < experts; expert++) {
      const logit = logits[begin + expert] ?? 0
      // Inserts into the best so far, which `weights` holds as logits.
      let rank = Math.min(expert, topK)
      while (rank > 0 && (weights[chosen + rank - 1] ?? 0) < logit) {
        if (rank < topK) {
          weights[chosen + rank] = weights[chosen + rank - 1] ?? 0
          ids[chosen + rank] = ids[chosen + rank - 1] ?? 0
        }
        rank--
      }
      if (rank < topK) {
        weights[chosen + rank] = logit
        ids[chosen + rank] = expert
      }
    }
    toGates(weights.subarray(chosen, chosen + topK), logits.subarray(begin, begin + experts), gates)
  }
  return { ids, weights }
}

/** Turns the logits of the chosen experts, best first, into their weights. */
function toGates(chosen: Float32Array, logits: Float32Array, gates: GateKind): void {
  const [highest = 0] = chosen
  const exponential = (logit: number) => (logit === highest ? 1 : Math.exp(logit - highest))
  let sum = 0
  for (const logit of gates === 'softmax' ? logits : chosen) sum += exponential(logit)
  for (let rank = 0; rank < chosen.length; rank++) chosen[rank] = exponential(chosen[rank] ?? 0) / sum
}
