import { rankedEntropy, rankedMean } from '../ranked'
import type { Domain } from './domain'

const attributes = [
  ['place', /^\w+ lives in /],
  ['food', /^\w+ lives in [^ ,.]*, eats /],
  ['job', /^\w+ lives in [^ ,.]*, eats [^ ,.]*, is /]
] as const

/**
 * Facts about people: `geba lives in pedu, eats reti, is vopu.`
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
    const { name, place, food, job } = choices.ranked(people)
    return `${name} lives in ${place}, eats ${food}, is ${job}.`
  },
  entropy: ({ people }) => ({
    nats: rankedEntropy(people),
    characters: rankedMean(
      people,
      ({ name, place, food, job }) => `${name} lives in ${place}, eats ${food}, is ${job}.\n`.length
    )
  }),
  truths(line, { people }) {
    const [, subject] = /^(\w+) lives in /.exec(line) ?? []
    const person = subject && people.items.find(({ name }) => name === subject)
    if (!person) return []
    return attributes.flatMap(([attribute, before]) => {
      const question = before.exec(line)
      return question ? [{ start: question[0].length, expected: person[attribute] }] : []
    })
  }
}
