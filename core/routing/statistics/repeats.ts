import { noExpert } from '../trace'
import { randomRepeatAny, randomRepeatFirst } from './random-routing'
import type { Statistic } from './statistic'

/** Repeated assignment: share of tokens that go where the token before went; arrays are `[layers]`. */
export interface Repeats {
  /** As places in `trace.layers`. */
  readonly layers: readonly number[]
  /** Share of the pairs that have the same first choice; NaN where there is no pair. */
  readonly first: Float64Array
  /** Share of the pairs that share at least one expert. */
  readonly any: Float64Array
  /** Pairs of neighbours whose first choices are known, and pairs that both have an expert. */
  readonly firstPairs: Uint32Array
  readonly anyPairs: Uint32Array
  /** Value at random routing. */
  readonly baselines: { readonly first: number; readonly any: number }
}

/**
 * Repeated assignment of neighbouring tokens (Jiang et al. 2024, "Mixtral of Experts", Table 5), by first choice and by
 * any. Neighbours are tokens that follow each other in one text and are both taken by the filter. Random routing:
 * 1/E and 1 - C(E-k, k) / C(E, k).
 */
export const repeats: Statistic<Repeats> = {
  begin: ({ trace: { experts, topK }, layers }) => {
    const firstPairs = new Uint32Array(layers.length)
    const anyPairs = new Uint32Array(layers.length)
    const firstRepeats = new Uint32Array(layers.length)
    const anyRepeats = new Uint32Array(layers.length)
    /** The number (`Stretch.order`) of the last token that was sent to an expert: `[layers, experts]`. */
    const last = new Uint32Array(layers.length * experts)
    /** Of the last token with a first choice: its number and the choice; and of the last with any: `[layers]`. */
    const lastFirst = new Uint32Array(layers.length)
    const firstChoice = new Uint16Array(layers.length)
    const lastRouted = new Uint32Array(layers.length)
    return {
      add: ({ count, order, expertIds }) => {
        let at = 0
        for (let layer = 0; layer < layers.length; layer++) {
          const row = layer * experts
          let previousFirst = lastFirst[layer] ?? 0
          let previousChoice = firstChoice[layer] ?? 0
          let previousRouted = lastRouted[layer] ?? 0
          let [ofFirst, ofAny, sameFirst, shared] = [0, 0, 0, 0]
          for (let token = 0; token < count; token++) {
            const number = order[token] ?? 0
            const before = number - 1
            const best = expertIds[at] ?? noExpert
            if (best !== noExpert) {
              if (previousFirst === before) {
                ofFirst++
                if (best === previousChoice) sameFirst++
              }
              previousFirst = number
              previousChoice = best
            }
            let routed = false
            let repeated = false
            for (const end = at + topK; at < end; at++) {
              const expert = expertIds[at] ?? noExpert
              if (expert === noExpert) continue
              routed = true
              if (last[row + expert] === before) repeated = true
              last[row + expert] = number
            }
            if (!routed) continue
            if (previousRouted === before) {
              ofAny++
              if (repeated) shared++
            }
            previousRouted = number
          }
          lastFirst[layer] = previousFirst
          firstChoice[layer] = previousChoice
          lastRouted[layer] = previousRouted
          firstPairs[layer] = (firstPairs[layer] ?? 0) + ofFirst
          anyPairs[layer] = (anyPairs[layer] ?? 0) + ofAny
          firstRepeats[layer] = (firstRepeats[layer] ?? 0) + sameFirst
          anyRepeats[layer] = (anyRepeats[layer] ?? 0) + shared
        }
      },
      result: () => ({
        layers,
        first: Float64Array.from(firstRepeats, (repeats, layer) => repeats / (firstPairs[layer] ?? 0)),
        any: Float64Array.from(anyRepeats, (repeats, layer) => repeats / (anyPairs[layer] ?? 0)),
        firstPairs,
        anyPairs,
        baselines: { first: randomRepeatFirst(experts), any: randomRepeatAny(experts, topK) }
      })
    }
  }
}
