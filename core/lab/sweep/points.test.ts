import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsedBy } from '../../formats/problems'
import { sweepPoints, sweepSchema, sweepSize } from './points'
import { settingsOf, withSetting } from './settings'

const read = (value: unknown) => parsedBy(sweepSchema, value, '')
const pointsOf = (value: unknown) => [...sweepPoints(read(value))]

test('a grid is every combination, the last setting fastest', () => {
  const base = { recipe: { seed: 0, batch: 4 } }
  const points = pointsOf({ kind: 'train', base, grid: { 'recipe.seed': [1, 2], 'a.b': ['x', 'y', 'z'] } })
  expect(points.map(({ spec }) => spec)).toEqual(
    [1, 2].flatMap((seed) => ['x', 'y', 'z'].map((b) => ({ recipe: { seed, batch: 4 }, a: { b } })))
  )
  expect(points[4]?.varied).toEqual({ 'recipe.seed': 2, 'a.b': 'y' })
  expect(base).toEqual({ recipe: { seed: 0, batch: 4 } })
})

test('specs of a list are told apart by the settings in which they differ', () => {
  const list = [
    { a: { kind: 'dense', width: 8 }, b: 1 },
    { a: { kind: 'moe', width: 8, experts: 4 }, b: 1 }
  ]
  expect(pointsOf({ kind: 'train', list, grid: { b: [2] } }).map(({ varied }) => varied)).toEqual([
    { 'a.kind': 'dense', 'a.experts': null, b: 2 },
    { 'a.kind': 'moe', 'a.experts': 4, b: 2 }
  ])
})

test('the size is the number of points', () => {
  const values = fc.array(fc.integer(), { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(
      fc.array(fc.record({}), { minLength: 1, maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-f]$/), values, { maxKeys: 3 }),
      fc.integer({ min: 1, max: 4 }),
      (list, grid, count) => {
        const sweep = read({ kind: 'train', list, grid, random: { count, values: { r: [1, 2] } } })
        expect([...sweepPoints(sweep)]).toHaveLength(sweepSize(sweep))
      }
    )
  )
})

test('chance keeps to its ranges, and a larger count begins with what a smaller one draws', () => {
  const random = (count: number) =>
    pointsOf({
      kind: 'train',
      base: {},
      random: {
        count,
        seed: 3,
        values: {
          rate: { min: 1e-4, max: 1e-1, distribution: 'log_uniform_values' },
          experts: { min: 2, max: 5, distribution: 'int_uniform' },
          decay: { min: 0, max: 0.5 },
          router: ['top-k', 'hash']
        }
      }
    }).map(({ spec }) => spec as { rate: number; experts: number; decay: number; router: string })
  const many = random(400)
  expect(random(5)).toEqual(many.slice(0, 5))
  expect(new Set(many.map(({ experts }) => experts))).toEqual(new Set([2, 3, 4, 5]))
  expect(new Set(many.map(({ router }) => router))).toEqual(new Set(['top-k', 'hash']))
  for (const { rate, decay } of many) {
    expect([rate >= 1e-4, rate <= 1e-1, decay >= 0, decay <= 0.5]).toEqual([true, true, true, true])
  }
  // Each of three decades has a third: 133 of 400, with a standard deviation of 9.4.
  for (const decade of [1e-4, 1e-3, 1e-2]) {
    const inside = many.filter(({ rate }) => rate >= decade && rate < 10 * decade).length
    expect(Math.abs(inside - 400 / 3)).toBeLessThan(4 * 9.43)
  }
})

test.each([
  [{ kind: 'train' }, "expected 'base', 'list', or both"],
  [{ kind: 'train', base: {}, gird: {} }, 'Unrecognized key: "gird"'],
  [{ kind: 'train', base: {}, grid: { a: [] } }, 'grid.a: expected one value or more'],
  [{ kind: 'train', base: {}, grid: { a: 3 } }, 'grid.a: Invalid input: expected array, received number'],
  [{ kind: 'train', base: {}, grid: { a: [1] }, random: { count: 1, values: { a: [1] } } }, 'by grid and by random'],
  [{ kind: 'train', base: {}, random: { count: 1, values: { a: { min: 2, max: 1 } } } }, 'no more than max'],
  [
    {
      kind: 'train',
      base: {},
      random: { count: 1, values: { a: { min: 0, max: 1, distribution: 'log_uniform_values' } } }
    },
    'above 0'
  ]
])('a wrong sweep is told: %j', (value, message) => {
  expect(() => read(value)).toThrow(message)
})

test('a setting is set where its path leads, and nowhere else', () => {
  const spec = { a: { list: [{ x: 1 }, { x: 2 }], n: 3 } }
  expect(withSetting(spec, 'a.list.1.x', 9)).toEqual({ a: { list: [{ x: 1 }, { x: 9 }], n: 3 } })
  expect(() => withSetting(spec, 'a.n.x', 1)).toThrow("'a.n.x': a.n is 3, which has no keys")
  expect(() => withSetting(spec, 'a.list.2.x', 1)).toThrow("'a.list.2': a.list is a list of 2")
  // No key of an object's prototype is taken for a setting.
  expect(withSetting({}, 'constructor.name', 'x')).toEqual({ constructor: { name: 'x' } })
  expect(settingsOf({ a: { b: 1, c: [1, 2] }, d: null, e: undefined })).toEqual({ 'a.b': 1, 'a.c': '[1,2]', d: null })
})

test('specs of a list have the settings of the base, as far as they have no others', () => {
  const base = { corpus: { edition: 2, shares: [1, 2] }, recipe: { seed: 1 } }
  const list = [{ width: 8 }, { width: 16, corpus: { shares: [3] }, recipe: { seed: 2, rate: 0.1 } }]
  const points = [...sweepPoints(sweepSchema.parse({ kind: 'train', base, list }))]
  expect(points.map(({ spec }) => spec)).toEqual([
    { ...base, width: 8 },
    { width: 16, corpus: { edition: 2, shares: [3] }, recipe: { seed: 2, rate: 0.1 } }
  ])
})
