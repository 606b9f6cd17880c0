import { firstAbove } from '../first-above'
import type { Random } from '../random'
import type { Ranked } from './ranked'

/**
 * Source of a document's random choices: every choice adds its information, -log p, to `nats`. After a document is
 * written, the sum is its exact -log probability, which is what makes the floor of the corpus known.
 */
export interface Choices {
  /** Information of everything chosen so far, in nats. */
  readonly nats: number
  /** Uniform integer in [0, bound). */
  integer(bound: number): number
  /** Uniform integer in [low, high], both included. */
  between(low: number, high: number): number
  /** Uniform item of a list. */
  item<T>(items: readonly T[]): T
  /** True with the given probability. */
  chance(probability: number): boolean
  /** An item by its frequency. */
  ranked<T>(ranked: Ranked<T>): T
  /**
   * Says that this many equally likely ways of choosing lead to the text just written. The text is then that many
   * times as likely as the path taken, and its information is log(ways) smaller.
   */
  ways(count: number): void
}

/** The primitive draws that choices are made of; random in the product, exhaustive in the tests. */
export interface Draws {
  /** Uniform integer in [0, bound). */
  integer(bound: number): number
  /** True with the given probability. */
  chance(probability: number): boolean
  /** Index of an item by its frequency. */
  rank(ranked: Ranked<unknown>): number
}

/** Choices over any source of draws. */
export function createChoices(draws: Draws): Choices {
  let nats = 0
  const integer = (bound: number) => {
    nats += Math.log(bound)
    return draws.integer(bound)
  }
  return {
    get nats() {
      return nats
    },
    integer,
    between: (low, high) => low + integer(high - low + 1),
    item: (items) => at(items, integer(items.length)),
    chance: (probability) => {
      const outcome = draws.chance(probability)
      nats -= Math.log(outcome ? probability : 1 - probability)
      return outcome
    },
    ranked: (ranked) => {
      const index = draws.rank(ranked)
      nats -= Math.log(ranked.probabilities[index] ?? 0)
      return at(ranked.items, index)
    },
    ways: (count) => {
      nats -= Math.log(count)
    }
  }
}

/** Draws from a seeded generator. */
export function randomDraws(random: Random): Draws {
  return {
    integer: random.integer,
    chance: (probability) => random.uniform() < probability,
    rank: (ranked) => firstAbove(ranked.cumulative, random.uniform())
  }
}

function at<T>(items: readonly T[], index: number): T {
  if (index >= items.length) throw new RangeError(`Choice ${index} is outside a list of ${items.length} items`)
  return items[index] as T
}
