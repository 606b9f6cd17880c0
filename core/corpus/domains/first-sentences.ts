import type { Choices } from '../choices'
import { chanceEntropy, type Domain, meanLength } from './domain'
import {
  type GrammaticalNumber,
  grammaticalNumbers,
  inflectNoun,
  inflectVerb,
  startsWithVowel,
  withArticle
} from './inflection'

const nouns = 'cat dog bird king queen child farmer sailor robot stone river house tree ship cloud horse'.split(' ')
const verbs = 'see chase like find carry follow help greet watch hear push draw'.split(' ')
const adjectives = 'red old small bright quiet happy tall brave cold strange green lazy'.split(' ')
const determiners = { singular: ['the', 'this', 'a'], plural: ['the', 'these', 'some'] } as const
const described = 0.4
const denied = 0.2

/**
 * The sentences of the first edition: `the small robots do not follow a tree.`
 *
 * Entropy of a noun phrase: log 2 for the number, log 3 for the determiner, H(0.4) + 0.4 log 12 for an adjective,
 * log 16 for the noun; of the verb: H(0.2) for a denial and log 12. `the` hides the number but the noun shows it, so
 * there is one way to write each sentence.
 */
export const firstSentences: Pick<Domain, 'write' | 'entropy'> = {
  write(choices) {
    const subject = writeNounPhrase(choices)
    const verb = writeVerb(choices, subject.number)
    return `${subject.text} ${verb} ${writeNounPhrase(choices).text}.`
  },
  entropy: () => ({
    nats:
      2 * (Math.log(2) + Math.log(3) + adjectiveEntropy() + Math.log(nouns.length)) +
      chanceEntropy(denied) +
      Math.log(verbs.length),
    characters: 2 * average(nounPhraseLength) + average(verbLength) + '  .\n'.length
  })
}

/** Writes a noun phrase: `these red cats`; says its number, for the verb to agree. */
export function writeNounPhrase(choices: Choices): { text: string; number: GrammaticalNumber } {
  const number = choices.item(grammaticalNumbers)
  const determiner = choices.item<string>(determiners[number])
  const adjective = choices.chance(described) ? `${choices.item(adjectives)} ` : ''
  const rest = adjective + inflectNoun(choices.item(nouns), number)
  return { text: withArticle(determiner, rest), number }
}

/** Writes a verb that agrees with its subject: `sees`, `do not see`. */
export function writeVerb(choices: Choices, number: GrammaticalNumber): string {
  const negative = choices.chance(denied)
  return inflectVerb(choices.item(verbs), number, negative)
}

function adjectiveEntropy(): number {
  return chanceEntropy(described) + described * Math.log(adjectives.length)
}

function average(length: (number: GrammaticalNumber) => number): number {
  return grammaticalNumbers.reduce((sum, number) => sum + length(number), 0) / grammaticalNumbers.length
}

function nounPhraseLength(number: GrammaticalNumber): number {
  const vowelShare = (words: readonly string[]) => words.filter(startsWithVowel).length / words.length
  const vowelNext = described * vowelShare(adjectives) + (1 - described) * vowelShare(nouns)
  const determiner = meanLength(determiners[number]) + (number === 'singular' ? vowelNext / 3 : 0)
  const adjective = described * (meanLength(adjectives) + 1)
  return determiner + 1 + adjective + meanLength(nouns.map((noun) => inflectNoun(noun, number)))
}

function verbLength(number: GrammaticalNumber): number {
  const mean = (negative: boolean) => meanLength(verbs.map((verb) => inflectVerb(verb, number, negative)))
  return denied * mean(true) + (1 - denied) * mean(false)
}
