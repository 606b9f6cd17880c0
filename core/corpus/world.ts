import { createRandom, type Random } from '../random'
import { type Ranked, rank } from './ranked'

/**
 * Facts of the corpus: who lives where, which word goes with which, which value a key has. Fixed by its
 * seed and cannot be computed, only remembered: the memory domains ask for it.
 */
export interface World {
  readonly seed: number
  /** The people of the facts, most frequent first. */
  readonly people: Ranked<Person>
  /** The word pairs of the dictionary, most frequent first. */
  readonly pairs: Ranked<Entry>
  /** The keys of the code book and their values, most frequent first. */
  readonly keys: Ranked<Entry>
}

export interface Person {
  readonly name: string
  readonly place: string
  readonly food: string
  readonly job: string
}

export interface Entry {
  readonly key: string
  readonly value: string
}

/** Numbers of people, word pairs and code-book keys to remember. */
export interface WorldSize {
  readonly seed: number
  readonly names: number
  readonly pairs: number
  readonly keys: number
}

/** The world of the shipped models. */
export const defaultWorldSize: WorldSize = { seed: 7, names: 1024, pairs: 2048, keys: 2048 }

/**
 * Makes a world. Names have two syllables, or two to three in a world of more than 1500 people; places, foods and
 * jobs are 64 words each. Throws a RangeError when more names, pairs or keys are asked for than exist.
 */
export function createWorld(size: Partial<WorldSize> = {}): World {
  const { seed, names, pairs, keys } = { ...defaultWorldSize, ...size }
  const nameSyllables = names > 1500 ? [2, 3] : [2]
  requireCount('names', names, wordCount(nameSyllables))
  requireCount('pairs', pairs, wordCount([2]))
  requireCount('keys', keys, letters.length * digits.length * letters.length)

  const random = createRandom(seed, 'corpus/world')
  const attributes = distinct(3 * attributeWords, () => word(random, [2]))
  const attribute = (list: number) => pick(random, attributes.slice(list * attributeWords, (list + 1) * attributeWords))
  const people = distinct(names, () => word(random, nameSyllables)).map((name) => ({
    name,
    place: attribute(0),
    food: attribute(1),
    job: attribute(2)
  }))
  const entries = distinct(pairs, () => word(random, [2])).map((key) => ({ key, value: word(random, [2]) }))
  const codes = distinct(keys, () => pick(random, letters) + pick(random, digits) + pick(random, letters))
  const book = codes.map((key) => ({ key, value: pick(random, letters) + pick(random, letters) }))
  return { seed, people: rank(people), pairs: rank(entries), keys: rank(book) }
}

const consonants = 'bdfgklmnprstvz'
const vowels = 'aeiou'
const letters = 'abcdefghijklmnopqrstuvwxyz'
const digits = '0123456789'
const attributeWords = 64

function wordCount(syllables: readonly number[]): number {
  return syllables.reduce((sum, count) => sum + (consonants.length * vowels.length) ** count, 0)
}

function requireCount(what: string, wanted: number, possible: number): void {
  if (Number.isInteger(wanted) && wanted >= 1 && wanted <= possible) return
  throw new RangeError(`World: ${what} is ${wanted}; choose a whole number from 1 to ${possible}, as many as exist`)
}

/** A word of consonant-vowel syllables; their number is picked from the list. */
function word(random: Random, syllables: readonly number[]): string {
  return Array.from({ length: pick(random, syllables) }, () => pick(random, consonants) + pick(random, vowels)).join('')
}

/** Makes things until there are `count` different ones, in the order of their first appearance. */
function distinct(count: number, make: () => string): string[] {
  const seen = new Set<string>()
  while (seen.size < count) seen.add(make())
  return [...seen]
}

function pick(random: Random, options: string): string
function pick<T>(random: Random, options: readonly T[]): T
function pick<T>(random: Random, options: string | readonly T[]): string | T {
  return options[random.integer(options.length)] as string | T
}
