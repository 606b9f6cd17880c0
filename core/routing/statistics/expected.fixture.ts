import { expect } from 'vitest'
import { isUnavailable, type Unavailable } from './statistic'

/** A result that was computed. */
export function computed<Result>(result: Result | Unavailable): Result {
  if (isUnavailable(result)) throw new Error(`unavailable: ${result.unavailable}`)
  return result
}

/** Numbers alike but for rounding; no number is like no number. */
export function expectNumbers(found: ArrayLike<number>, expected: readonly number[], digits = 9): void {
  expect(found.length).toBe(expected.length)
  expected.forEach((value, i) => {
    if (Number.isNaN(value)) expect(found[i]).toBeNaN()
    else expect(found[i]).toBeCloseTo(value, digits)
  })
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Share of the values that meet a condition; no number without values. */
export function shareOf<T>(values: readonly T[], meets: (value: T) => boolean): number {
  return values.filter(meets).length / values.length
}
