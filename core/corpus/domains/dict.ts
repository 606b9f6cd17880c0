import { wordsOfTwoSyllables } from '../world'
import type { Domain } from './domain'
import { lookup } from './lookup'

/**
 * A dictionary of random word pairs: `gemo=bebu guse=zobu tido=mike`
 *
 * Tests memory: the value follows from the key, but only for who has learnt the pair. Entropy: three Zipf picks.
 */
export const dict: Domain = {
  id: 'dict',
  tests: 'memory',
  title: 'word pairs',
  prompt: /^[^=]*=/,
  ...lookup('=', (world) => world.pairs, wordsOfTwoSyllables)
}
