import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '../../random'
import { contingency } from './mutual-information'

function informationOf(table: readonly (readonly number[])[]) {
  const sum = contingency(table[0]?.length ?? 0)
  for (const row of table) sum.add(row)
  return sum.result()
}

test('it is the mean logarithm of p(x, y) / (p(x) p(y))', () => {
  const tables = fc
    .integer({ min: 1, max: 5 })
    .chain((width) =>
      fc.array(fc.array(fc.nat(9), { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 })
    )
  fc.assert(
    fc.property(tables, (table) => {
      const total = table.flat().reduce((sum, count) => sum + count, 0)
      fc.pre(total > 0)
      const rowSum = (row: readonly number[]) => row.reduce((sum, count) => sum + count, 0)
      const columnSum = (j: number) => table.reduce((sum, row) => sum + (row[j] ?? 0), 0)
      let expected = 0
      for (const row of table) {
        row.forEach((count, j) => {
          if (count > 0) expected += (count / total) * Math.log2((count * total) / (rowSum(row) * columnSum(j)))
        })
      }
      const { plugIn, samples } = informationOf(table)
      expect(plugIn).toBeCloseTo(expected, 9)
      expect(samples).toBe(total)
    })
  )
})

test('labels that name the expert tell all of it, and one label tells nothing', () => {
  const named = [0, 1, 2, 3].map((row) => [0, 1, 2, 3].map((expert) => (row === expert ? 8 : 0)))
  expect(informationOf(named)).toMatchObject({ plugIn: 2, expertEntropy: 2, labelEntropy: 2, samples: 32 })
  expect(informationOf([[500, 500]])).toMatchObject({ plugIn: 0, chance: 0, corrected: 0, labelEntropy: 0 })
})

/** Tables whose labels tell nothing: choices by `weights`, so many of each label. */
function chanceTables(labels: readonly number[], weights: readonly number[], trials: number) {
  const random = createRandom(3, 'test/information')
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const draw = () => {
    let left = random.uniform() * total
    return weights.findIndex((weight) => (left -= weight) < 0)
  }
  return Array.from({ length: trials }, () =>
    informationOf(
      labels.map((choices) => {
        const row = weights.map(() => 0)
        for (let i = 0; i < choices; i++) {
          const expert = draw()
          row[expert] = (row[expert] ?? 0) + 1
        }
        return row
      })
    )
  )
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

test("labels of many choices have the bias of Miller's formula, which is taken away", () => {
  const [labels, experts, choices, trials] = [10, 8, 400, 60]
  const tables = chanceTables(new Array(labels).fill(choices), new Array(experts).fill(1), trials)
  const degrees = (labels - 1) * (experts - 1)
  // 2 N ln 2 I follows chi-squared with these degrees of freedom, so the mean of 60 spreads by bias sqrt(2 / 63 / 60).
  const bias = degrees / (2 * labels * choices * Math.LN2)
  expect(Math.abs(mean(tables.map(({ plugIn }) => plugIn)) - bias)).toBeLessThan(bias / 8)
  for (const { chance } of tables) expect(chance).toBeCloseTo(bias, 12)
  expect(Math.abs(mean(tables.map(({ corrected }) => corrected)))).toBeLessThan(bias / 8)
})

test('labels of few choices seem to tell a good part, which is taken away, too', () => {
  const labels = Array.from({ length: 300 }, (_, label) => 1 + (label % 7))
  const tables = chanceTables(labels, [40, 20, 10, 10, 5, 5, 5, 0, 5], 20)
  const found = mean(tables.map(({ plugIn }) => plugIn))
  expect(found).toBeGreaterThan(mean(tables.map(({ expertEntropy }) => expertEntropy)) / 3)
  // As the tables spread themselves, their mean of 20 is this close to what it estimates.
  const spread = Math.sqrt(mean(tables.map(({ plugIn }) => (plugIn - found) ** 2)) / tables.length)
  expect(Math.abs(mean(tables.map(({ corrected }) => corrected)))).toBeLessThan(5 * spread)
})

test('nothing counted is no number', () => {
  const { samples, ...bits } = informationOf([[0, 0]])
  expect(samples).toBe(0)
  expect(Object.values(bits)).toEqual(new Array(5).fill(Number.NaN))
})
