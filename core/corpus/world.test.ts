import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createWorld } from './world'

test('the default world has 1024 people of two syllables, 2048 pairs and 2048 keys, all different', () => {
  const { people, pairs, keys } = createWorld()
  const names = people.items.map(({ name }) => name)
  expect(new Set(names).size).toBe(1024)
  expect(names.every((name) => /^([bdfgklmnprstvz][aeiou]){2}$/.test(name))).toBe(true)
  expect(new Set(pairs.items.map(({ key }) => key)).size).toBe(2048)
  expect(new Set(keys.items.map(({ key }) => key)).size).toBe(2048)
  expect(keys.items.every(({ key, value }) => /^[a-z]\d[a-z]$/.test(key) && /^[a-z]{2}$/.test(value))).toBe(true)
})

test('places, foods and jobs are 64 different words each', () => {
  const { people } = createWorld({ names: 4000 })
  const words = (['place', 'food', 'job'] as const).map((attribute) => new Set(people.items.map((p) => p[attribute])))
  expect(words.map(({ size }) => size)).toEqual([64, 64, 64])
  expect(new Set(words.flatMap((set) => [...set])).size).toBe(192)
})

test('picks are Zipf with offset 10', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 300 }), fc.nat(1000), (count, seed) => {
      const { probabilities, cumulative } = createWorld({ seed, names: 1, pairs: count, keys: 1 }).pairs
      const first = probabilities[0] ?? 0
      probabilities.forEach((probability, rank) => expect(probability / first).toBeCloseTo(10 / (rank + 10), 12))
      expect(cumulative.at(-1)).toBe(1)
    }),
    { numRuns: 20 }
  )
})

test('a world is fixed by its seed', () => {
  expect(createWorld({ seed: 3 })).toEqual(createWorld({ seed: 3 }))
  expect(createWorld({ seed: 3 }).people.items[0]).not.toEqual(createWorld({ seed: 4 }).people.items[0])
})

test('more than 1500 people need names of three syllables', () => {
  const lengths = new Set(createWorld({ names: 2000 }).people.items.map(({ name }) => name.length))
  expect(lengths).toEqual(new Set([4, 6]))
})

test('a world can use every pair and key there is, and no more', () => {
  expect(createWorld({ pairs: 4900, keys: 6760 }).pairs.items).toHaveLength(4900)
  expect(() => createWorld({ pairs: 4901 })).toThrow('pairs is 4901; choose a whole number from 1 to 4900')
  expect(() => createWorld({ keys: 6761 })).toThrow('keys is 6761; choose a whole number from 1 to 6760')
  expect(() => createWorld({ names: 1e6 })).toThrow('names is 1000000; choose a whole number from 1 to 347900')
  expect(() => createWorld({ names: 0 })).toThrow('names is 0')
})
