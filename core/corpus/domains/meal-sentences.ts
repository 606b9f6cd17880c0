import type { Choices } from '../choices'
import { foods, towns, traits } from '../words/english'
import { chanceEntropy, type Domain, meanLength } from './domain'
import {
  type GrammaticalNumber,
  grammaticalNumbers,
  inflectNoun,
  inflectVerb,
  startsWithVowel,
  withArticle
} from './inflection'

const people =
  'child farmer sailor baker singer doctor teacher pilot painter dancer writer poet judge nurse tailor king'
const nouns = people.split(' ')
const verbs = 'like find share cook buy sell carry want bring smell serve pick'.split(' ')
const determiners = { singular: ['the', 'this', 'a'], plural: ['the', 'these', 'some'] } as const
const quantities = ['the', 'more']
const described = 0.4
const denied = 0.2
const located = 0.3

/**
 * The sentences of the second edition, of at most 63 characters: `the kind sailors do not buy more figs in oslo.`
 *
 * Entropy of the subject: log 2 for the number, log 3 for the determiner, H(0.4) + 0.4 log 64 for a trait, log 16 for
 * the noun; of the verb: H(0.2) for a denial and log 12; of the object: log 2 and log 64; of the town: H(0.3) + 0.3
 * log 64. `the` hides the number but the noun shows it, so there is one way to write each sentence.
 */
export const mealSentences: Pick<Domain, 'write' | 'entropy'> = {
  write(choices) {
    const { text, number } = writeSubject(choices)
    const verb = inflectVerb(...chooseVerb(choices, number))
    const object = `${choices.item(quantities)} ${choices.item(foods)}`
    const place = choices.chance(located) ? ` in ${choices.item(towns)}` : ''
    return `${text} ${verb} ${object}${place}.`
  },
  entropy: () => ({
    nats:
      Math.log(2) +
      Math.log(3) +
      optionalEntropy(described, traits) +
      Math.log(nouns.length) +
      chanceEntropy(denied) +
      Math.log(verbs.length) +
      Math.log(quantities.length) +
      Math.log(foods.length) +
      optionalEntropy(located, towns),
    characters:
      average(subjectLength) +
      average(verbLength) +
      meanLength(quantities) +
      meanLength(foods) +
      located * (' in '.length + meanLength(towns)) +
      '   .\n'.length
  })
}

function writeSubject(choices: Choices): { text: string; number: GrammaticalNumber } {
  const number = choices.item(grammaticalNumbers)
  const determiner = choices.item<string>(determiners[number])
  const trait = choices.chance(described) ? `${choices.item(traits)} ` : ''
  return { text: withArticle(determiner, trait + inflectNoun(choices.item(nouns), number)), number }
}

function chooseVerb(choices: Choices, number: GrammaticalNumber): Parameters<typeof inflectVerb> {
  const negative = choices.chance(denied)
  return [choices.item(verbs), number, negative]
}

function optionalEntropy(probability: number, words: readonly string[]): number {
  return chanceEntropy(probability) + probability * Math.log(words.length)
}

function average(length: (number: GrammaticalNumber) => number): number {
  return grammaticalNumbers.reduce((sum, number) => sum + length(number), 0) / grammaticalNumbers.length
}

function subjectLength(number: GrammaticalNumber): number {
  const vowelShare = (words: readonly string[]) => words.filter(startsWithVowel).length / words.length
  const vowelNext = described * vowelShare(traits) + (1 - described) * vowelShare(nouns)
  const determiner = meanLength(determiners[number]) + (number === 'singular' ? vowelNext / 3 : 0)
  const trait = described * (meanLength(traits) + 1)
  return determiner + 1 + trait + meanLength(nouns.map((noun) => inflectNoun(noun, number)))
}

function verbLength(number: GrammaticalNumber): number {
  const mean = (negative: boolean) => meanLength(verbs.map((verb) => inflectVerb(verb, number, negative)))
  return denied * mean(true) + (1 - denied) * mean(false)
}
