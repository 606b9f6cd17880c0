import { noExpert } from '../trace'
import { randomAdjacentCoActivation, randomCoActivation } from './random-routing'
import type { Statistic, Unavailable } from './statistic'

/** Which experts are chosen together. */
export interface CoActivation {
  /** As places in `trace.layers`. */
  readonly layers: readonly number[]
  readonly experts: number
  /**
   * Tokens that were sent to both of two experts; of an expert and itself, tokens that were sent to it:
   * `[layers, experts, experts]`, symmetric.
   */
  readonly together: Uint32Array
  /** Random routing: N_ij / N_i. */
  readonly baseline: number
}

export interface CoActivationOptions {
  /** All pairs of a token's experts, or only those that are next to each other by rank, as OLMoE's script counts. */
  readonly pairs?: 'all' | 'adjacent'
}

/**
 * Co-activation N_ij / N_i: of the tokens that were sent to expert i, the share that was also sent to j (Muennighoff et
 * al. 2024, "OLMoE", equation 6); `coActivationShare` reads it. Random routing: (k-1) / (E-1) over all pairs,
 * 2(k-1) / (k(E-1)) over adjacent ranks.
 */
export function coActivation({ pairs = 'all' }: CoActivationOptions = {}): Statistic<CoActivation, Unavailable> {
  return {
    begin: ({ trace: { experts, topK }, layers }) => {
      const cells = layers.length * experts * experts
      if (cells > maxCells) {
        return {
          unavailable: `needs ${Math.ceil((4 * cells) / 1e9)} GB of memory for so many experts: take fewer layers`
        }
      }
      // Counted as [layers, better expert, worse expert]: to put two experts in order takes longer than to count them.
      const together = new Uint32Array(cells)
      const reach = pairs === 'all' ? topK : 1
      return {
        add: ({ count, expertIds }) => {
          for (let layer = 0; layer < layers.length; layer++) {
            const start = layer * experts * experts
            let at = layer * count * topK
            for (let token = 0; token < count; token++) {
              for (const end = at + topK; at < end; at++) {
                const better = expertIds[at] ?? noExpert
                if (better === noExpert) continue
                const row = start + better * experts
                together[row + better] = (together[row + better] ?? 0) + 1
                const stop = Math.min(end, at + 1 + reach)
                for (let other = at + 1; other < stop; other++) {
                  const worse = expertIds[other] ?? noExpert
                  if (worse !== noExpert) together[row + worse] = (together[row + worse] ?? 0) + 1
                }
              }
            }
          }
        },
        result: () => {
          addTransposed(together, experts)
          const random = pairs === 'all' ? randomCoActivation : randomAdjacentCoActivation
          return { layers, experts, together, baseline: random(experts, topK) }
        }
      }
    }
  }
}

/** 1 GiB of counts. */
const maxCells = 2 ** 28

/** N_ij / N_i of two experts; `layer` is the place in `CoActivation.layers`. NaN when no token was sent to i. */
export function coActivationShare({ together, experts }: CoActivation, layer: number, i: number, j: number): number {
  const row = (layer * experts + i) * experts
  return (together[row + j] ?? 0) / (together[row + i] ?? 0)
}

export interface ExpertPair {
  readonly experts: readonly [number, number]
  /** Tokens that were sent to both. */
  readonly tokens: number
  /** N_ij / N_i and N_ij / N_j. */
  readonly shares: readonly [number, number]
}

/**
 * The pairs of a layer that are together most, by N_ij / sqrt(N_i N_j), best first. Experts with fewer than
 * `minTokens` are left out: a few tokens can be together by chance.
 */
export function strongestPairs(measured: CoActivation, layer: number, most: number, minTokens = 10): ExpertPair[] {
  const { together, experts } = measured
  const found: (ExpertPair & { readonly strength: number })[] = []
  for (let i = 0; i < experts; i++) {
    for (let j = i + 1; j < experts; j++) {
      const at = (a: number, b: number) => together[(layer * experts + a) * experts + b] ?? 0
      const tokens = at(i, j)
      if (tokens === 0 || at(i, i) < minTokens || at(j, j) < minTokens) continue
      const strength = tokens / Math.sqrt(at(i, i) * at(j, j))
      if (found.length === most && strength <= (found.at(-1)?.strength ?? 0)) continue
      found.push({ experts: [i, j], tokens, shares: [tokens / at(i, i), tokens / at(j, j)], strength })
      found.sort((a, b) => b.strength - a.strength)
      found.length = Math.min(found.length, most)
    }
  }
  return found.map(({ strength: _strength, ...pair }) => pair)
}

function addTransposed(together: Uint32Array, experts: number): void {
  const size = experts * experts
  for (let start = 0; start < together.length; start += size) {
    for (let i = 0; i < experts; i++) {
      for (let j = 0; j < i; j++) {
        const [a, b] = [start + i * experts + j, start + j * experts + i]
        const sum = (together[a] ?? 0) + (together[b] ?? 0)
        together[a] = sum
        together[b] = sum
      }
    }
  }
}
