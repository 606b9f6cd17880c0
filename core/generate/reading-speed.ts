import type { Decoder } from './decoder'
import type { Speed } from './records'
import { speedOf } from './speed'

/** Rounds that are not measured: the first runs of a graph also set it up. */
const warmRounds = 3
/** A window that is read is no longer than this, so that models of long contexts are measured in a moment. */
const longestWindow = 512

/** Speed of each model reading a window as long as the shortest of their contexts, in tokens per second. */
export interface ReadingSpeeds {
  /** Tokens of the window. */
  readonly tokens: number
  /** One for each decoder, in order. */
  readonly speeds: readonly Speed[]
}

/**
 * Measures the reading speed of models, warm and in turns, each round in the opposite order of the one before. What is
 * read, `text` over and over, makes no difference to a dense model and hardly any to one with experts. The decoders
 * forget what they had read. Throws a `RangeError` for no rounds or no text.
 */
export async function readingSpeeds(
  decoders: readonly Decoder[],
  text: readonly number[],
  rounds = 15
): Promise<ReadingSpeeds> {
  if (rounds < 1 || text.length === 0) throw new RangeError('expected at least one round and one token to read')
  const tokens = Math.min(longestWindow, ...decoders.map(({ model }) => model.architecture.context))
  const window = Array.from({ length: tokens }, (_, i) => text[i % text.length] ?? 0)
  const milliseconds: number[][] = decoders.map(() => [])
  for (let round = -warmRounds; round < rounds; round++) {
    const order = round % 2 === 0 ? decoders.keys() : [...decoders.keys()].reverse()
    for (const i of order) {
      const begun = performance.now()
      await decoders[i]?.prefill(window)
      if (round >= 0) milliseconds[i]?.push((performance.now() - begun) / tokens)
    }
  }
  return { tokens, speeds: milliseconds.flatMap((each) => speedOf(each) ?? []) }
}
