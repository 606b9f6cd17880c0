import { expect, test } from 'vitest'
import * as random from './random-routing'

test("Mixtral's printed baselines", () => {
  expect((100 * random.randomRepeatFirst(8)).toFixed(1)).toBe('12.5')
  expect((100 * random.randomRepeatAny(8, 2)).toFixed(1)).toBe('46.4')
})

test('baselines are the means over all sets of experts', () => {
  for (const [experts, topK] of [
    [5, 2],
    [6, 3],
    [4, 4],
    [5, 1]
  ] as const) {
    const sets = subsets(experts, topK)
    const pairs = sets.flatMap((a) => sets.map((b) => a.filter((expert) => b.includes(expert)).length))
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    expect(random.randomRepeatAny(experts, topK)).toBeCloseTo(mean(pairs.map((shared) => Number(shared > 0))), 12)
    expect(random.randomSameSet(experts, topK)).toBeCloseTo(mean(pairs.map((shared) => Number(shared === topK))), 12)
    expect(random.randomOverlap(experts, topK)).toBeCloseTo(mean(pairs) / topK, 12)
    const with0 = sets.filter((set) => set.includes(0))
    expect(random.randomCoActivation(experts, topK)).toBeCloseTo(mean(with0.map((set) => Number(set.includes(1)))), 12)
    // Of all orders of a set that has 0: how often 1 stands beside it.
    const ordered = with0.flatMap(permutations)
    const beside = ordered.map((order) =>
      Number(Math.abs(order.indexOf(0) - order.indexOf(1)) === 1 && order.includes(1))
    )
    expect(random.randomAdjacentCoActivation(experts, topK)).toBeCloseTo(mean(beside), 12)
    const batches = sets.flatMap((a) => sets.flatMap((b) => sets.map((c) => new Set([...a, ...b, ...c]).size)))
    expect(random.randomUniqueExperts(experts, topK, 3)).toBeCloseTo(mean(batches), 9)
  }
})

test('more experts than half are sure to be shared', () => {
  expect(random.randomRepeatAny(8, 5)).toBe(1)
  expect(random.randomRepeatAny(1, 1)).toBe(1)
  expect(random.randomCoActivation(1, 1)).toBe(0)
})

function subsets(experts: number, size: number, from = 0): number[][] {
  if (size === 0) return [[]]
  return Array.from({ length: experts - from }, (_, i) => from + i).flatMap((first) =>
    subsets(experts, size - 1, first + 1).map((rest) => [first, ...rest])
  )
}

function permutations(values: readonly number[]): number[][] {
  if (values.length === 0) return [[]]
  return values.flatMap((first) =>
    permutations(values.filter((each) => each !== first)).map((rest) => [first, ...rest])
  )
}
