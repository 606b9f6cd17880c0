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
  expect(
    informationOf([
      [8, 0, 0, 0],
      [0, 8, 0, 0],
      [0, 0, 8, 0],
      [0, 0, 0, 8]
    ])
  ).toMatchObject({
    plugIn: 2,
    expertEntropy: 2,
    labelEntropy: 2
  })
  // Four cells, rows and columns: m_X + m_Y - m_XY - 1 = 3.
  expect(
    informationOf([
      [8, 0, 0, 0],
      [0, 8, 0, 0],
      [0, 0, 8, 0],
      [0, 0, 0, 8]
    ]).corrected
  ).toBeCloseTo(2 + 3 / (2 * 32 * Math.LN2), 12)
  expect(informationOf([[5, 5]])).toMatchObject({ plugIn: 0, corrected: 0, labelEntropy: 0 })
})

test('of chance, what is counted is too large, and the correction takes that away', () => {
  const random = createRandom(3, 'test/information')
  const [rows, experts, samples, trials] = [10, 8, 600, 60]
  const measured = Array.from({ length: trials }, () => {
    const table = Array.from({ length: rows }, () => new Array<number>(experts).fill(0))
    for (let i = 0; i < samples; i++) {
      const row = table[random.integer(rows)] ?? []
      const expert = random.integer(experts)
      row[expert] = (row[expert] ?? 0) + 1
    }
    return informationOf(table)
  })
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const degrees = (rows - 1) * (experts - 1)
  // 2 N ln 2 I follows chi-squared with these degrees of freedom, so the mean of 60 spreads by bias sqrt(2 / 63 / 60).
  const bias = degrees / (2 * samples * Math.LN2)
  expect(Math.abs(mean(measured.map(({ plugIn }) => plugIn)) - bias)).toBeLessThan(bias / 5)
  expect(Math.abs(mean(measured.map(({ corrected }) => corrected)))).toBeLessThan(bias / 5)
})

test('nothing counted is no number', () => {
  expect(informationOf([[0, 0]]).plugIn).toBeNaN()
})
