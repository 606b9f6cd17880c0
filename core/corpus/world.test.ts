import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstNames, foods, towns, traits } from './words/english'
import { createWorld } from './world'

test('the first world has 1024 people of two syllables, 2048 pairs and 2048 keys, all different', () => {
  const { people, pairs, keys } = createWorld({ edition: 1 })
  const names = people.items.map(({ name }) => name)
  expect(new Set(names).size).toBe(1024)
  expect(names.every((name) => /^([bdfgklmnprstvz][aeiou]){2}$/.test(name))).toBe(true)
  expect(new Set(pairs.items.map(({ key }) => key)).size).toBe(2048)
  expect(new Set(keys.items.map(({ key }) => key)).size).toBe(2048)
  expect(keys.items.every(({ key, value }) => /^[a-z]\d[a-z]$/.test(key) && /^[a-z]{2}$/.test(value))).toBe(true)
})

test('in the first edition places, foods and traits are 64 different words each', () => {
  const { people } = createWorld({ edition: 1, names: 4000 })
  const words = (['place', 'food', 'trait'] as const).map((attribute) => new Set(people.items.map((p) => p[attribute])))
  expect(words.map(({ size }) => size)).toEqual([64, 64, 64])
  expect(new Set(words.flatMap((set) => [...set])).size).toBe(192)
})

test('the words of the second edition are short, a to z, and stand on one list only', () => {
  const lists = [firstNames, towns, foods, traits]
  expect(lists.map(({ length }) => length)).toEqual([1024, 64, 64, 64])
  expect(new Set(lists.flat()).size).toBe(1024 + 3 * 64)
  expect(lists.flat().filter((word) => !/^[a-z]{3,8}$/.test(word))).toEqual([])
})

test('people of the second edition have first names, and two of them when there are more people than names', () => {
  const one = createWorld({ edition: 2 }).people.items
  expect(new Set(one.map(({ name }) => name))).toEqual(new Set(firstNames))
  expect(
    one.every(({ place, food, trait }) => towns.includes(place) && foods.includes(food) && traits.includes(trait))
  ).toBe(true)
  const two = createWorld({ edition: 2, names: 3000 }).people.items.map(({ name }) => name.split(' '))
  expect(new Set(two.map((names) => names.join(' '))).size).toBe(3000)
  expect(
    two.every(
      ([first = '', second = '', more]) =>
        firstNames.includes(first) && firstNames.includes(second) && first !== second && more === undefined
    )
  ).toBe(true)
  expect(() => createWorld({ edition: 2, names: 1e7 })).toThrow('choose a whole number from 1 to 1047552')
})

test('no line about a person is longer than a context', () => {
  const { people } = createWorld({ edition: 2, names: 3000 })
  const lengths = people.items.map(
    ({ name, place, food, trait }) => `${name} lives in ${place}, eats ${food}, is ${trait}.\n`.length
  )
  expect(Math.max(...lengths)).toBeLessThanOrEqual(64)
})

test('the first world is the one that models were trained on before there was a second', () => {
  const { people, pairs, keys } = createWorld({ edition: 1 })
  expect(people.items[0]).toEqual({ name: 'salu', place: 'varo', food: 'rasi', trait: 'nuni' })
  expect(people.items[1023]).toEqual({ name: 'tupa', place: 'nezi', food: 'lefu', trait: 'sizu' })
  expect([pairs.items[2047], keys.items[2047]]).toEqual([
    { key: 'nusa', value: 'badi' },
    { key: 'v0w', value: 'oz' }
  ])
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

test('in the first edition more than 1500 people need names of three syllables', () => {
  const lengths = new Set(createWorld({ edition: 1, names: 2000 }).people.items.map(({ name }) => name.length))
  expect(lengths).toEqual(new Set([4, 6]))
})

test('a world can use every pair and key there is, and no more', () => {
  expect(createWorld({ pairs: 4900, keys: 6760 }).pairs.items).toHaveLength(4900)
  expect(() => createWorld({ pairs: 4901 })).toThrow('pairs is 4901; choose a whole number from 1 to 4900')
  expect(() => createWorld({ keys: 6761 })).toThrow('keys is 6761; choose a whole number from 1 to 6760')
  expect(() => createWorld({ edition: 1, names: 1e6 })).toThrow(
    'names is 1000000; choose a whole number from 1 to 347900'
  )
  expect(() => createWorld({ names: 0 })).toThrow('names is 0')
})
