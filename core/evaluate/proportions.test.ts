import { expect, test } from 'vitest'
import { createRandom } from '../random'
import { pairedCounts, pairedDifference, proportionOf } from './proportions'

test.each([
  // Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718]
])("Wilson's interval of %i of %i is the published one", (right, total, low, high) => {
  const found = proportionOf(right, total)
  expect(found).toMatchObject({ right, total, share: right / total })
  expect(found.low).toBeCloseTo(low, 4)
  expect(found.high).toBeCloseTo(high, 4)
})

test('it is the set of shares that a score test does not reject', () => {
  const [right, total] = [137, 400]
  const { share, low, high } = proportionOf(right, total)
  for (const limit of [low, high]) {
    expect((share - limit) ** 2 / ((limit * (1 - limit)) / total)).toBeCloseTo(1.959963984540054 ** 2, 9)
  }
  expect(proportionOf(400, 400)).toMatchObject({ share: 1, high: expect.closeTo(1, 12) })
})

test('the paired interval is the published one, and turns round with the models', () => {
  // Complete response before and after consolidation therapy (Cavo et al. 2012), as in Fagerland, Lydersen and Laake
  // 2017, "Statistical Analysis of Contingency Tables", chapter 8, Newcombe square-and-add.
  const cavo = { both: 59, onlyFirst: 6, onlySecond: 16, neither: 80 }
  const found = pairedDifference(cavo)
  expect([found.difference, found.low, found.high].map((each) => each.toFixed(4))).toEqual([
    '0.0621',
    '0.0046',
    '0.1186'
  ])
  const turned = pairedDifference({ ...cavo, onlyFirst: 16, onlySecond: 6 })
  expect(turned.low).toBeCloseTo(-found.high, 12)
  expect(turned.high).toBeCloseTo(-found.low, 12)
  // Bentur et al. 2009, the same chapter.
  const bentur = pairedDifference({ both: 1, onlyFirst: 7, onlySecond: 1, neither: 12 })
  expect([bentur.low, bentur.high].map((each) => each.toFixed(3))).toEqual(['-0.507', '-0.026'])
})

test('the interval holds the true difference of correlated answers in about 95 of 100 samples', () => {
  const random = createRandom(1, 'answers')
  const samples = 2000
  let held = 0
  for (let sample = 0; sample < samples; sample++) {
    const pairs = Array.from({ length: 200 }, () => {
      const drawn = random.uniform()
      // Both right in 30 %, the first alone in 10 %, the second alone in 25 %.
      return [drawn < 0.4, drawn < 0.3 || (drawn >= 0.4 && drawn < 0.65)] as const
    })
    const { low, high } = pairedDifference(
      pairedCounts(
        pairs.map(([first]) => first),
        pairs.map(([, second]) => second)
      )
    )
    if (low <= 0.15 && 0.15 <= high) held++
  }
  expect(held / samples).toBeGreaterThan(0.94)
  expect(held / samples).toBeLessThan(0.97)
})

test('answers are counted question by question', () => {
  const [yes, no] = [true, false]
  expect(pairedCounts([yes, yes, no, no, yes], [yes, no, yes, no, yes])).toEqual({
    both: 2,
    onlyFirst: 1,
    onlySecond: 1,
    neither: 1
  })
  expect(() => pairedCounts([yes], [])).toThrow(/same questions, found 1 and 0/)
})
