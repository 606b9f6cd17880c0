import { noExpert } from '../trace'
import { type BalanceLoss, balanceLoss } from './balance-loss'
import { needs, type Statistic, type Unavailable } from './statistic'

/** Statistics of the router logits; means over the tokens, `[layers]` each. */
export interface RouterLogits {
  /** As places in `trace.layers`. */
  readonly layers: readonly number[]
  readonly balanceLoss: readonly BalanceLoss[]
  /** Mean of logsumexp(logits)^2 (Zoph et al. 2022, "ST-MoE", equation 5), without its coefficient. */
  readonly zLoss: Float64Array
  /** Mean largest probability; 1/E where the router does not prefer any. */
  readonly largest: Float64Array
  /** Mean probability of the k most probable experts together; k/E where the router does not prefer any. */
  readonly topKMass: Float64Array
  /** Mean entropy of the probabilities, in bits; log2 E where the router does not prefer any. */
  readonly entropy: Float64Array
  /** The router's mean probability for each expert: `[layers, experts]`. */
  readonly probabilities: Float64Array
}

/**
 * Balance loss, z-loss, confidence and entropy of routers, from the softmax of their logits: of routers with sigmoid
 * gates (DeepSeek-V3) these are not the probabilities that they route by. Loads in the balance loss are the recorded
 * choices.
 */
export const routerLogits: Statistic<RouterLogits, Unavailable> = {
  begin: ({ trace: { experts, topK, has }, layers }) => {
    if (!has.has('routerLogits')) return needs('router logits')
    let tokens = 0
    const probabilities = new Float64Array(layers.length * experts)
    const counts = new Float64Array(layers.length * experts)
    const sums = () => new Float64Array(layers.length)
    const [zLoss, largest, topKMass, entropy] = [sums(), sums(), sums(), sums()]
    const weights = new Float64Array(experts)
    const best = new Float64Array(Math.min(topK, experts))
    return {
      columns: ['routerLogits'],
      add: ({ count, expertIds, routerLogits }) => {
        tokens += count
        for (let layer = 0; layer < layers.length; layer++) {
          const row = layer * experts
          let [z, peak, mass, bits] = [0, 0, 0, 0]
          for (let token = 0; token < count; token++) {
            const start = (layer * count + token) * experts
            let most = Number.NEGATIVE_INFINITY
            for (let i = 0; i < experts; i++) most = Math.max(most, routerLogits[start + i] ?? 0)
            let total = 0
            let weighted = 0
            best.fill(0)
            for (let i = 0; i < experts; i++) {
              const above = (routerLogits[start + i] ?? 0) - most
              const weight = Math.exp(above)
              weights[i] = weight
              total += weight
              // 0 times minus infinity, of an expert that is masked out, is nothing.
              if (weight > 0) weighted += weight * above
              if (weight > (best[best.length - 1] ?? 0)) insert(best, weight)
            }
            for (let i = 0; i < experts; i++) {
              probabilities[row + i] = (probabilities[row + i] ?? 0) + (weights[i] ?? 0) / total
            }
            z += (most + Math.log(total)) ** 2
            peak += 1 / total
            for (const weight of best) mass += weight / total
            bits += (Math.log(total) - weighted / total) / Math.LN2
            const chosen = (layer * count + token) * topK
            for (let i = chosen; i < chosen + topK; i++) {
              const expert = expertIds[i] ?? noExpert
              if (expert !== noExpert) counts[row + expert] = (counts[row + expert] ?? 0) + 1
            }
          }
          zLoss[layer] = (zLoss[layer] ?? 0) + z
          largest[layer] = (largest[layer] ?? 0) + peak
          topKMass[layer] = (topKMass[layer] ?? 0) + mass
          entropy[layer] = (entropy[layer] ?? 0) + bits
        }
      },
      result: () => {
        const mean = (sums: Float64Array) => sums.map((each) => each / tokens)
        const part = (values: Float64Array, layer: number) => values.subarray(layer * experts, (layer + 1) * experts)
        return {
          layers,
          balanceLoss: layers.map((_, layer) => balanceLoss(part(counts, layer), part(probabilities, layer), tokens)),
          zLoss: mean(zLoss),
          largest: mean(largest),
          topKMass: mean(topKMass),
          entropy: mean(entropy),
          probabilities: mean(probabilities)
        }
      }
    }
  }
}

/** Puts a value into values that descend, in the place of the least. */
function insert(values: Float64Array, value: number): void {
  let place = values.length - 1
  while (place > 0 && (values[place - 1] ?? 0) < value) {
    values[place] = values[place - 1] ?? 0
    place--
  }
  values[place] = value
}
