import { noExpert } from '../trace'
import type { Accumulator, Pass, Statistic } from './statistic'

/** Dropped assignments and tokens at a capacity factor, simulated. */
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
export function simulatedDrops({ factor, window }: CapacityOptions): Statistic<SimulatedDrops> {
  const { begin } = simulatedDropsByFactor({ factors: [factor], ...(window === undefined ? {} : { window }) })
  return {
    begin: (pass) => {
      const { result, ...counting } = begin(pass)
      return { ...counting, result: async () => (await result())[0] as SimulatedDrops }
    }
  }
}

export interface CapacitiesOptions extends Pick<CapacityOptions, 'window'> {
  /** Ascending. */
  readonly factors: readonly number[]
}

/** The same for many factors at once, in their order, which takes no longer than for one. */
export function simulatedDropsByFactor({
  factors,
  window = 4096
}: CapacitiesOptions): Statistic<readonly SimulatedDrops[]> {
  for (const factor of factors) {
    if (!(factor > 0)) throw new RangeError(`capacity: expected a factor above 0, found ${factor}`)
  }
  if (!(Number.isInteger(window) && window > 0)) {
    throw new RangeError(`capacity: expected a window of 1 token or more, found ${window}`)
  }
  return { begin: (pass) => begin(pass, factors, window) }
}

function begin(
  { trace: { experts, topK, tokenCount }, layers }: Pass,
  factors: readonly number[],
  window: number
): Accumulator<readonly SimulatedDrops[]> {
  const most = Math.min(window, Math.max(1, tokenCount))
  /** The window that is not whole yet: `[layers, most, topK]`. */
  const held = new Uint16Array(layers.length * most * topK)
  let count = 0
  const filled = new Uint32Array(experts)
  /**
   * Number of factors, from the least on, without room for a choice that comes after so many others of its expert:
   * `[most + 1]`. What the n least factors drop is counted under n: `[layers, factors + 1]`.
   */
  const tooSmall = new Uint16Array(most + 1)
  const kinds = factors.length + 1
  const counts = () => new Float64Array(layers.length * kinds)
  const [choices, tokens, wholeTokens] = [counts(), counts(), counts()]

  const settle = () => {
    const places = factors.map((factor) => Math.ceil((factor * topK * count) / experts))
    for (let before = 0, factor = 0; before <= count; before++) {
      while (factor < factors.length && before >= (places[factor] ?? 0)) factor++
      tooSmall[before] = factor
    }
    for (let layer = 0; layer < layers.length; layer++) {
      filled.fill(0)
      const row = layer * kinds
      let at = layer * most * topK
      for (let token = 0; token < count; token++) {
        let least = kinds
        let most = 0
        for (const end = at + topK; at < end; at++) {
          const expert = held[at] ?? noExpert
          if (expert === noExpert) continue
          const before = filled[expert] ?? 0
          filled[expert] = before + 1
          const dropping = tooSmall[Math.min(before, count)] ?? 0
          choices[row + dropping] = (choices[row + dropping] ?? 0) + 1
          least = Math.min(least, dropping)
          most = Math.max(most, dropping)
        }
        if (least === kinds) continue
        tokens[row + most] = (tokens[row + most] ?? 0) + 1
        wholeTokens[row + least] = (wholeTokens[row + least] ?? 0) + 1
      }
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
      return factors.map((factor, place) => {
        const share = (found: Float64Array) =>
          Float64Array.from(layers, (_, layer) => {
            const own = found.subarray(layer * kinds, (layer + 1) * kinds)
            return total(own.subarray(place + 1)) / total(own)
          })
        return {
          layers,
          factor,
          window,
          choices: share(choices),
          tokens: share(tokens),
          wholeTokens: share(wholeTokens)
        }
      })
    }
  }
}

function total(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0)
}
