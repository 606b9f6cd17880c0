import { expect, test } from 'vitest'
import { createRandom } from '../../random'
import { expectedDistinctExperts } from './distinct-experts'

/** Every way to choose k of E experts. */
function choices(experts: number, topK: number): number[][] {
  if (topK === 0) return [[]]
  return choices(experts, topK - 1).flatMap((chosen) =>
    Array.from({ length: experts }, (_, expert) => expert)
      .filter((expert) => expert > (chosen.at(-1) ?? -1))
      .map((expert) => [...chosen, expert])
  )
}

test.each([
  [4, 1, 3],
  [5, 2, 3],
  [6, 3, 2]
])('%i experts, %i for each of %i tokens: the mean over all ways to choose', (experts, topK, tokens) => {
  const one = choices(experts, topK)
  let batches: number[][] = [[]]
  for (let token = 0; token < tokens; token++) {
    batches = batches.flatMap((batch) => one.map((chosen) => [...batch, ...chosen]))
  }
  const mean = batches.reduce((sum, batch) => sum + new Set(batch).size, 0) / batches.length
  expect(expectedDistinctExperts(experts, topK, tokens)).toBeCloseTo(mean, 9)
})

test('64 experts, 8 for each of 12 tokens: the mean of many random batches', () => {
  const random = createRandom(1, 'test/distinct')
  const rounds = 4000
  let distinct = 0
  for (let round = 0; round < rounds; round++) {
    const used = new Set<number>()
    for (let token = 0; token < 12; token++) {
      const chosen = new Set<number>()
      while (chosen.size < 8) chosen.add(random.integer(64))
      for (const expert of chosen) used.add(expert)
    }
    distinct += used.size
  }
  // One batch deviates by less than 3 experts, the mean of 4000 by less than 0.05; five times that is never seen.
  expect(Math.abs(distinct / rounds - expectedDistinctExperts(64, 8, 12))).toBeLessThan(0.25)
})

test('one token uses its k experts, and no batch more than there are', () => {
  expect(expectedDistinctExperts(256, 8, 1)).toBeCloseTo(8, 9)
  expect(expectedDistinctExperts(256, 8, 1e6)).toBe(256)
  expect(expectedDistinctExperts(8, 8, 1)).toBe(8)
})
