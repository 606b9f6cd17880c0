import { type Ranked, rankedEntropy, rankedMean } from '../ranked'
import type { Entry, World } from '../world'
import type { Domain } from './domain'
import { readQuestions } from './questions'

const entriesPerDocument = 3

/**
 * Writing, entropy and truths of documents of three entries, each a key, a mark and the value that the world gives to
 * the key, separated by blanks. Entropy: three Zipf picks. Keys differ and picks are ordered, so each document has one
 * way to be written, also when a pick repeats.
 *
 * @param values different values that there can be, known or not
 */
export function lookup(
  mark: string,
  entries: (world: World) => Ranked<Entry>,
  values: number
): Pick<Domain, 'write' | 'entropy' | 'truths'> {
  const question = new RegExp(`^(\\w+)${mark}`)
  const format = ({ key, value }: Entry) => `${key}${mark}${value}`
  return {
    write: (choices, world) =>
      Array.from({ length: entriesPerDocument }, () => format(choices.ranked(entries(world)))).join(' '),
    entropy: (world) => ({
      nats: entriesPerDocument * rankedEntropy(entries(world)),
      // Each entry is followed by a blank or, the last, by the newline.
      characters: entriesPerDocument * (1 + rankedMean(entries(world), (entry) => format(entry).length))
    }),
    truths: (line, world) =>
      readQuestions(line, question, ([, key]) => {
        const entry = entries(world).items.find((each) => each.key === key)
        return entry && { expected: entry.value, candidates: values }
      })
  }
}
