import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Choices, choicesSchema, defaultChoices, limits, pairs } from './choices'
import { readLink, writeLink } from './link'

const anyChoices: fc.Arbitrary<Choices> = fc.record({
  prompt: fc.string({ unit: 'grapheme', maxLength: 60 }),
  tokens: fc.integer({ min: 1, max: limits.tokens }),
  seed: fc.integer({ min: 0, max: limits.seed }),
  temperature: fc.integer({ min: 0, max: 40 }).map((value) => value / 20),
  topP: fc.integer({ min: 1, max: 20 }).map((value) => value / 20),
  pair: fc.constantFrom(...pairs),
  left: fc.constantFrom('dense-64', 'moe-32'),
  right: fc.constantFrom('moe-64', 'dense-152'),
  backend: fc.constantFrom('wasm', 'webgpu'),
  threads: fc.integer({ min: 0, max: limits.threads }),
  pace: fc.integer({ min: 0, max: limits.pace }),
  theme: fc.constantFrom('system', 'light', 'dark'),
  selected: fc.option(fc.record({ model: fc.constantFrom(0, 1), position: fc.nat(600) })),
  shown: fc.integer({ min: 0, max: limits.tokens })
})

test('a link restores every choice', () => {
  fc.assert(
    fc.property(anyChoices, (choices) => {
      const read = readLink(`#${writeLink(choices)}`)
      expect(read?.choices ?? defaultChoices).toEqual(choices)
      expect(read?.unreadable ?? []).toEqual([])
    })
  )
})

test('a link holds only what differs from the defaults, in words', () => {
  expect(writeLink(defaultChoices)).toBe('')
  expect(writeLink({ ...defaultChoices, prompt: 'geba lives in ', seed: 41 })).toBe('prompt=geba+lives+in+&seed=41')
})

test('what cannot be read is named and left at its default', () => {
  const read = readLink('#seed=many&temperature=9&theme=purple&colour=red&tokens=12')
  expect(read?.unreadable).toEqual(['seed', 'temperature', 'theme', 'colour'])
  expect(read?.choices).toEqual({ ...defaultChoices, tokens: 12 })
})

test('an empty fragment is no link', () => {
  expect(readLink('#')).toBeUndefined()
  expect(readLink('')).toBeUndefined()
})

test('the defaults are valid', () => {
  expect(choicesSchema.parse(defaultChoices)).toEqual(defaultChoices)
})
