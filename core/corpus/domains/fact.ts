import { rankedEntropy, rankedMean } from '../ranked'
import { attributeWords } from '../world'
import type { Domain } from './domain'

const attributes = [
  ['place', /^[a-z ]+ lives in /],
  ['food', /^[a-z ]+ lives in [^ ,.]*, eats /],
  ['trait', /^[a-z ]+ lives in [^ ,.]*, eats [^ ,.]*, is /]
] as const

/**
 * Facts about people: `anna lives in oslo, eats figs, is kind.`
 *
 * Tests memory: nothing but the name is chosen, so a model that knows the world pays for the name alone. Entropy:
 * that of one Zipf pick among the people. Names differ, so each document has one way to be written.
 */
export const fact: Domain = {
  id: 'fact',
  tests: 'memory',
  title: 'facts about people',
  prompt: /^.* lives in /,
  write(choices, { people }) {
    const { name, place, food, trait } = choices.ranked(people)
    return `${name} lives in ${place}, eats ${food}, is ${trait}.`
  },
  entropy: ({ people }) => ({
    nats: rankedEntropy(people),
    characters: rankedMean(
      people,
      ({ name, place, food, trait }) => `${name} lives in ${place}, eats ${food}, is ${trait}.\n`.length
    )
  }),
  truths(line, { people }) {
    const [, subject] = /^([a-z ]+) lives in /.exec(line) ?? []
    const person = subject && people.items.find(({ name }) => name === subject)
    if (!person) return []
    return attributes.flatMap(([attribute, before]) => {
      const question = before.exec(line)
      return question ? [{ start: question[0].length, expected: person[attribute], candidates: attributeWords }] : []
    })
  }
}
