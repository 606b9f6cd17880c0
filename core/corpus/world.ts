import { createRandom, type Random } from '../random'
import type { Edition } from './edition'
import { type Ranked, rank } from './ranked'
import { firstNames, foods, towns, traits } from './words/english'
import { defaultWorldSize, type WorldSize } from './world-size'

/**
 * Facts of the corpus: who lives where, which word goes with which, which value a key has. Fixed by its
 * seed and cannot be computed, only remembered: the memory domains ask for it.
 */
export interface World {
  readonly edition: Edition
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
  readonly trait: string
}

export interface Entry {
  readonly key: string
  readonly value: string
}

/**
 * Makes a world. People live in one of 64 towns, eat one of 64 foods and have one of 64 traits. Names are first names,
 * or in a world of more people than there are first names two of them; in the first edition they have two syllables,
 * or two to three for more than 1500 people. Throws a RangeError when more names, pairs or keys are asked for than
 * exist.
 */
export function createWorld(size: Partial<WorldSize> = {}): World {
  const { edition, seed, names, pairs, keys } = { ...defaultWorldSize, ...size }
  const vocabulary = edition === 1 ? syllables : english
  requireCount('names', names, vocabulary.mostNames(names))
  requireCount('pairs', pairs, wordsOfTwoSyllables)
  requireCount('keys', keys, letters.length * digits.length * letters.length)

  const random = createRandom(seed, 'corpus/world')
  const people = vocabulary.people(random, names)
  const entries = distinct(pairs, () => word(random, [2])).map((key) => ({ key, value: word(random, [2]) }))
  const codes = distinct(keys, () => pick(random, letters) + pick(random, digits) + pick(random, letters))
  const book = codes.map((key) => ({ key, value: pick(random, letters) + pick(random, letters) }))
  return { edition, seed, people: rank(people), pairs: rank(entries), keys: rank(book) }
}

/** The world of a corpus; without an edition it is of the first. Throws as `createWorld`. */
export function worldOf({ world }: { readonly world: SpecifiedWorld }): World {
  return createWorld({ ...world, edition: world.edition ?? 1 })
}

/** A world of a spec; one without an edition is of the first. */
export type SpecifiedWorld = Omit<WorldSize, 'edition'> & { readonly edition?: Edition | undefined }

/** Source of the people of an edition. */
interface Vocabulary {
  /** Number of different names in a world of so many people. */
  mostNames(names: number): number
  /** Different people, in the order of their frequency. */
  people(random: Random, names: number): Person[]
}

const syllables: Vocabulary = {
  mostNames: (names) => wordCount(nameSyllables(names)),
  people: (random, names) => {
    const words = distinct(3 * attributeWords, () => word(random, [2]))
    const list = (index: number) => words.slice(index * attributeWords, (index + 1) * attributeWords)
    const all = distinct(names, () => word(random, nameSyllables(names)))
    return withAttributes(random, all, [list(0), list(1), list(2)])
  }
}

const english: Vocabulary = {
  mostNames: (names) => (names > firstNames.length ? firstNames.length * (firstNames.length - 1) : firstNames.length),
  people: (random, names) => {
    const one = () => pick(random, firstNames)
    const two = () => {
      const first = one()
      return `${first} ${other(first, one)}`
    }
    const all = distinct(names, names > firstNames.length ? two : one)
    return withAttributes(random, all, [towns, foods, traits])
  }
}

function withAttributes(
  random: Random,
  names: readonly string[],
  [places, foods, traits]: readonly [readonly string[], readonly string[], readonly string[]]
): Person[] {
  return names.map((name) => ({
    name,
    place: pick(random, places),
    food: pick(random, foods),
    trait: pick(random, traits)
  }))
}

/** The first thing made that is another one. */
function other(than: string, make: () => string): string {
  const made = make()
  return made === than ? other(than, make) : made
}

const consonants = 'bdfgklmnprstvz'
const vowels = 'aeiou'
const letters = 'abcdefghijklmnopqrstuvwxyz'
const digits = '0123456789'
/** Different towns, and so many foods and traits. */
export const attributeWords = 64

/** Different words that a word pair can be made of. */
export const wordsOfTwoSyllables = wordCount([2])

function nameSyllables(names: number): readonly number[] {
  return names > 1500 ? [2, 3] : [2]
}

function wordCount(syllables: readonly number[]): number {
  return syllables.reduce((sum, count) => sum + (consonants.length * vowels.length) ** count, 0)
}

function requireCount(what: string, wanted: number, possible: number): void {
  if (Number.isInteger(wanted) && wanted >= 1 && wanted <= possible) return
  throw new RangeError(`World: ${what} is ${wanted}; choose a whole number from 1 to ${possible}, as many as exist`)
}

/** A word of consonant-vowel syllables; their number is picked from the list. */
function word(random: Random, syllables: readonly number[]): string {
  let made = ''
  for (let left = pick(random, syllables); left > 0; left--) made += pick(random, consonants) + pick(random, vowels)
  return made
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
