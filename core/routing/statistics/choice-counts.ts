import { noExpert, type RoutingCounts } from '../trace'
import { countsOfSteps } from './balance'
import type { Statistic } from './statistic'

/** Counts of choices, first and any apart; arrays are `[layers]` or `[layers, experts]`. */
export interface ChoiceCounts {
  /** The layers, as places in `trace.layers`. */
  readonly layers: readonly number[]
  readonly experts: number
  readonly tokens: number
  /** Tokens that an expert was any choice of: `[layers, experts]`. */
  readonly any: Uint32Array
  /** Tokens that an expert was the first choice of: `[layers, experts]`. */
  readonly first: Uint32Array
  /**
   * Choices that are recorded as `noExpert`, because the expert had no room or the token was not routed: `[layers]`.
   */
  readonly droppedChoices: Float64Array
  /** Tokens with at least one such choice: `[layers]`. */
  readonly droppedTokens: Uint32Array
  /** Tokens without any expert: `[layers]`. */
  readonly unroutedTokens: Uint32Array
}

/**
 * Counts the choices of each layer and expert: the ground of load, its evenness (`balanceOf`) and dropped tokens.
 * Random routing gives each expert 1/E of the first choices and k/E of the tokens.
 */
export const choiceCounts: Statistic<ChoiceCounts> = {
  begin: ({ trace: { experts, topK }, layers }) => {
    let tokens = 0
    const any = new Uint32Array(layers.length * experts)
    const first = new Uint32Array(layers.length * experts)
    const droppedChoices = new Float64Array(layers.length)
    const droppedTokens = new Uint32Array(layers.length)
    const unroutedTokens = new Uint32Array(layers.length)
    return {
      add: ({ count, expertIds }) => {
        tokens += count
        let at = 0
        for (let layer = 0; layer < layers.length; layer++) {
          const row = layer * experts
          for (let token = 0; token < count; token++) {
            const best = expertIds[at] ?? noExpert
            if (best !== noExpert) first[row + best] = (first[row + best] ?? 0) + 1
            let dropped = 0
            for (const end = at + topK; at < end; at++) {
              const expert = expertIds[at] ?? noExpert
              if (expert === noExpert) dropped++
              else any[row + expert] = (any[row + expert] ?? 0) + 1
            }
            if (dropped === 0) continue
            droppedChoices[layer] = (droppedChoices[layer] ?? 0) + dropped
            droppedTokens[layer] = (droppedTokens[layer] ?? 0) + 1
            if (dropped === topK) unroutedTokens[layer] = (unroutedTokens[layer] ?? 0) + 1
          }
        }
      },
      result: () => ({ layers, experts, tokens, any, first, droppedChoices, droppedTokens, unroutedTokens })
    }
  }
}

/** The choices that a file counted, of all its steps; what a file of counts does not tell apart is 0. */
export function recordedChoices(recorded: RoutingCounts): ChoiceCounts {
  const { layers, experts, topK } = recorded
  const any = Uint32Array.from(countsOfSteps(recorded))
  const assignments = any.subarray(0, experts).reduce((sum, count) => sum + count, 0)
  return {
    layers: layers.map((_, place) => place),
    experts,
    tokens: Math.round(assignments / (topK ?? 1)),
    any,
    first: new Uint32Array(any.length),
    droppedChoices: new Float64Array(layers.length),
    droppedTokens: new Uint32Array(layers.length),
    unroutedTokens: new Uint32Array(layers.length)
  }
}
