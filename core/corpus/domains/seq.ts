import { byEdition } from './by-edition'
import type { Domain, Truth } from './domain'

const alphabet = [...'abcdefghij']
const operations = ['rev', 'srt'] as const

/**
 * Letters from a to j, reversed or sorted: `rev abdc>cdba` and `srt cab>abc`
 *
 * Tests computation: the answer follows from the letters before it. Entropy: log 2 for the operation, the logarithm of
 * how many lengths there are (3 to 7 letters in the first edition, 4 to 12 in the second), log 10 a letter. Operation
 * and letters stand in the text, so there is one way to write it.
 */
export const seq: Domain = {
  id: 'seq',
  tests: 'computation',
  title: 'reverse and sort',
  difficulty: 'letters',
  prompt: /^[^>]*>/,
  ...byEdition(({ sequence: [shortest, longest] }) => sequence(shortest, longest)),
  truths: readSequence
}

/** Writing and entropy of sequences whose length is uniform between two bounds, both included. */
export function sequence(shortest: number, longest: number): Pick<Domain, 'write' | 'entropy'> {
  const meanLetters = (shortest + longest) / 2
  return {
    write(choices) {
      const operation = choices.item(operations)
      const letters = Array.from({ length: choices.between(shortest, longest) }, () => choices.item(alphabet))
      return `${operation} ${letters.join('')}>${rearrange(operation, letters)}`
    },
    entropy: () => ({
      nats: Math.log(operations.length) + Math.log(longest - shortest + 1) + meanLetters * Math.log(alphabet.length),
      characters: 'rev '.length + meanLetters + '>'.length + meanLetters + '\n'.length
    })
  }
}

/** The rearranged letters of a sequence of any length, as hard as there are letters. */
function readSequence(line: string): Truth[] {
  const [question, operation, letters] = /^(rev|srt) ([a-j]+)>/.exec(line) ?? []
  if (!question || !operation || !letters) return []
  const expected = rearrange(operation, [...letters])
  return [{ start: question.length, expected, difficulty: letters.length, candidates: orders(letters) }]
}

/** Different orders of letters, of which some may be alike. */
function orders(letters: string): number {
  const seen = new Map<string, number>()
  return [...letters].reduce((count, letter, i) => {
    const alike = (seen.get(letter) ?? 0) + 1
    seen.set(letter, alike)
    return (count * (i + 1)) / alike
  }, 1)
}

function rearrange(operation: string, letters: readonly string[]): string {
  return (operation === 'rev' ? letters.toReversed() : letters.toSorted()).join('')
}
