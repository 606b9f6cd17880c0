import type { Domain } from './domain'
import { lookup } from './lookup'

const pairsOfLetters = 26 ** 2

/**
 * A code book of short keys, letter digit letter, with values of two letters: `n6x:md s1d:vi l3l:ge`
 *
 * Tests memory, as `dict` does, with keys and values that have no syllables to lean on. Entropy: three Zipf picks.
 */
export const book: Domain = {
  id: 'book',
  tests: 'memory',
  title: 'code book',
  prompt: /^[^:]*:/,
  ...lookup(':', (world) => world.keys, pairsOfLetters)
}
