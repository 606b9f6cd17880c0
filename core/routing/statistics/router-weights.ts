import { noExpert } from '../trace'
import { needs, type Statistic, type Unavailable } from './statistic'

/** Statistics of the expert weights; means over the tokens that have an expert, `[layers]` each. */
export interface RouterWeights {
  /** As places in `trace.layers`. */
  readonly layers: readonly number[]
  /** Mean share of the largest weight in the token's weights; at least 1/k. */
  readonly largest: Float64Array
  /** Mean entropy of these shares, in bits; at most log2 k, where all are alike. */
  readonly entropy: Float64Array
  /**
   * Mean sum of the weights. Of routers with softmax gates that are not renormalised it is the probability of the
   * chosen experts together; renormalised ones give 1.
   */
  readonly sum: Float64Array
}

/**
 * Confidence and entropy of routers as far as the weights of the chosen experts tell, which is less than
 * `routerLogits`: they say nothing of the experts that were not chosen. Equal weights give a largest share of 1/k and
 * log2 k bits.
 */
export const routerWeights: Statistic<RouterWeights, Unavailable> = {
  begin: ({ trace: { topK, has }, layers }) => {
    if (!has.has('expertWeights')) return needs('the weights of the experts')
    const sums = () => new Float64Array(layers.length)
    const [tokens, largest, entropy, sum] = [sums(), sums(), sums(), sums()]
    return {
      columns: ['expertWeights'],
      add: ({ count, expertIds, expertWeights }) => {
        let at = 0
        for (let layer = 0; layer < layers.length; layer++) {
          let [routed, peak, bits, all] = [0, 0, 0, 0]
          for (let token = 0; token < count; token++) {
            let total = 0
            let most = 0
            let terms = 0
            for (const end = at + topK; at < end; at++) {
              const weight = expertWeights[at] ?? 0
              if (expertIds[at] === noExpert || !(weight > 0)) continue
              total += weight
              most = Math.max(most, weight)
              terms += weight * Math.log2(weight)
            }
            if (total === 0) continue
            routed++
            peak += most / total
            // -sum (w/S) log(w/S) = log S - sum w log w / S.
            bits += Math.log2(total) - terms / total
            all += total
          }
          tokens[layer] = (tokens[layer] ?? 0) + routed
          largest[layer] = (largest[layer] ?? 0) + peak
          entropy[layer] = (entropy[layer] ?? 0) + bits
          sum[layer] = (sum[layer] ?? 0) + all
        }
      },
      result: () => {
        const mean = (sums: Float64Array) => sums.map((each, layer) => each / (tokens[layer] ?? 0))
        return { layers, largest: mean(largest), entropy: mean(entropy), sum: mean(sum) }
      }
    }
  }
}
