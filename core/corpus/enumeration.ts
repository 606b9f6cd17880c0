import { type Choices, createChoices, type Draws } from './choices'
import type { Ranked } from './ranked'

/** One text, and what brute force finds out about it. */
export interface EnumeratedText {
  readonly text: string
  /** Sum of the probabilities of all ways to write it. */
  readonly probability: number
  /** Information that the writer recorded on each way, in nats. */
  readonly nats: readonly number[]
}

/**
 * Every text that a writer can produce, found by going through all of its choices: the oracle for entropies in
 * closed form. It is for small writers, whose choices number thousands.
 */
export function enumerateTexts(write: (choices: Choices) => string): EnumeratedText[] {
  const found = new Map<string, { text: string; probability: number; nats: number[] }>()
  const path: { option: number; options: number }[] = []
  do {
    let depth = 0
    let probability = 1
    const next = (options: number) => {
      path[depth] ??= { option: 0, options }
      return path[depth++]?.option ?? 0
    }
    const draws: Draws = {
      integer: (bound) => {
        probability /= bound
        return next(bound)
      },
      chance: (likely) => {
        const outcome = next(2) === 0
        probability *= outcome ? likely : 1 - likely
        return outcome
      },
      rank: (ranked: Ranked<unknown>) => {
        const index = next(ranked.items.length)
        probability *= ranked.probabilities[index] ?? 0
        return index
      }
    }
    const choices = createChoices(draws)
    const text = write(choices)
    const entry = found.get(text) ?? { text, probability: 0, nats: [] }
    entry.probability += probability
    entry.nats.push(choices.nats)
    found.set(text, entry)
  } while (advance(path))
  return [...found.values()]
}

/** Moves to the next path in depth-first order; false after the last. */
function advance(path: { option: number; options: number }[]): boolean {
  while (path.length > 0) {
    const last = path[path.length - 1]
    if (last && ++last.option < last.options) return true
    path.pop()
  }
  return false
}
