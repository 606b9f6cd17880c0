import { noExpert } from '../trace'
import type { Statistic } from './statistic'

/** What would be dropped if experts had room for so many tokens only. */
export interface SimulatedDrops {
  /** As places in `trace.layers`. */
  readonly layers: readonly number[]
  readonly factor: number
  readonly window: number
  /** Share of the recorded choices that find their expert full: `[layers]`; NaN where there is none. */
  readonly choices: Float64Array
  /** Share of the tokens with an expert that lose at least one, and that lose all of theirs: `[layers]`. */
  readonly tokens: Float64Array
  readonly wholeTokens: Float64Array
}

export interface CapacityOptions {
  /** Times the room that an even load needs. */
  readonly factor: number
  /** Tokens that share this room: those that a training step or an engine computes at once; 4096 unless given. */
  readonly window?: number
}

/**
 * Tokens that a capacity would drop (Fedus et al. 2022, "Switch Transformers", equation 3; Lepikhin et al. 2020,
 * "GShard", section 2.2): in each window of n tokens that the filter takes an expert has ceil(factor k n / E) places,
 * filled in the order of the tokens, a token's better choices first. The last window has room for the tokens it has.
 * Random routing drops hardly anything from a factor of about 1 + 3 sqrt(E / (k n)) on. Throws a `RangeError` for a factor or
 * window that is not positive.
 */
export function simulatedDrops({ factor, window = 4096 }: CapacityOptions): Statistic<SimulatedDrops> {
  if (!(factor > 0)) throw new RangeError(`capacity: expected a factor above 0, found ${factor}`)
  if (!(Number.isInteger(window) && window > 0)) {
    throw new RangeError(`capacity: expected a window of 1 token or more, found ${window}`)
  }
  return {
    begin: ({ trace: { experts, topK, tokenCount }, layers }) => {
      const most = Math.min(window, Math.max(1, tokenCount))
      /** The window that is not whole yet: `[layers, most, topK]`. */
      const held = new Uint16Array(layers.length * most * topK)
      let count = 0
      const filled = new Uint32Array(experts)
      const zeros = () => new Float64Array(layers.length)
      const [choices, tokens, lostChoices, lostTokens, lostWhole] = [zeros(), zeros(), zeros(), zeros(), zeros()]

      const settle = () => {
        const places = Math.ceil((factor * topK * count) / experts)
        for (let layer = 0; layer < layers.length; layer++) {
          filled.fill(0)
          let at = layer * most * topK
          let [routedTokens, routedChoices, dropped, hurt, lost] = [0, 0, 0, 0, 0]
          for (let token = 0; token < count; token++) {
            let routed = 0
            let full = 0
            for (const end = at + topK; at < end; at++) {
              const expert = held[at] ?? noExpert
              if (expert === noExpert) continue
              routed++
              const before = filled[expert] ?? 0
              filled[expert] = before + 1
              if (before >= places) full++
            }
            if (routed === 0) continue
            routedTokens++
            routedChoices += routed
            if (full === 0) continue
            dropped += full
            hurt++
            if (full === routed) lost++
          }
          choices[layer] = (choices[layer] ?? 0) + routedChoices
          tokens[layer] = (tokens[layer] ?? 0) + routedTokens
          lostChoices[layer] = (lostChoices[layer] ?? 0) + dropped
          lostTokens[layer] = (lostTokens[layer] ?? 0) + hurt
          lostWhole[layer] = (lostWhole[layer] ?? 0) + lost
        }
        count = 0
      }

      return {
        add: (stretch) => {
          for (let from = 0; from < stretch.count; ) {
            const to = Math.min(stretch.count, from + most - count)
            for (let layer = 0; layer < layers.length; layer++) {
              const start = layer * stretch.count * topK
              const part = stretch.expertIds.subarray(start + from * topK, start + to * topK)
              held.set(part, (layer * most + count) * topK)
            }
            count += to - from
            from = to
            if (count === most) settle()
          }
        },
        result: () => {
          settle()
          const share = (lost: Float64Array, all: Float64Array) => lost.map((each, layer) => each / (all[layer] ?? 0))
          return {
            layers,
            factor,
            window,
            choices: share(lostChoices, choices),
            tokens: share(lostTokens, tokens),
            wholeTokens: share(lostWhole, tokens)
          }
        }
      }
    }
  }
}
