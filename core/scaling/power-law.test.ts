import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '../random'
import { quantityFloor } from './measured-run'
import { fitPowerLaw, powerLawAt } from './power-law'
import { familyOf, run } from './runs.fixture'

const sizes = [20_000, 40_000, 80_000, 160_000, 320_000, 640_000]
const floor = 0.7

const law = (scale: number, exponent: number) => (size: number) => floor + scale / size ** exponent

function fitted(losses: (size: number) => readonly number[]) {
  const fit = fitPowerLaw(familyOf(sizes, losses), 'total', floor)
  if (fit.kind !== 'fit') throw new Error(`expected a fit, found ${fit.reason}`)
  return fit
}

function inside(fit: ReturnType<typeof fitted>, size: number) {
  const value = powerLawAt(fit, size)
  if (value.kind !== 'inside') throw new Error(`${size} lies outside the fit`)
  return value
}

test('without noise the constants come back, and the band is as narrow as rounding', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.02, max: 2, noNaN: true }),
      fc.double({ min: 0.05, max: 3, noNaN: true }),
      fc.integer({ min: 20_000, max: 640_000 }),
      (exponent, height, size) => {
        const truth = law(height * 100_000 ** exponent, exponent)
        const fit = fitted((size) => [truth(size), truth(size)])
        expect(fit.exponent).toBeCloseTo(exponent, 4)
        expect(fit.scale / (height * 100_000 ** exponent)).toBeCloseTo(1, 2)
        const { loss, low, high } = inside(fit, size)
        expect(loss).toBeCloseTo(truth(size), 5)
        expect(high - low).toBeLessThan(1e-4)
      }
    )
  )
})

test('noisy bands cover the true curve as often as they say, at the ends and between', () => {
  const random = createRandom(11, 'test/band')
  const truth = law(60, 0.5)
  const rounds = 2000
  const asked = [20_000, 113_000, 640_000]
  const covered = asked.map(() => 0)
  let deviations = 0
  for (let round = 0; round < rounds; round++) {
    const fit = fitted((size) => [0, 1, 2].map(() => truth(size) + 0.01 * random.normal()))
    deviations += fit.deviation ** 2
    for (const [i, size] of asked.entries()) {
      const { low, high } = inside(fit, size)
      if (low <= truth(size) && truth(size) <= high) covered[i] = (covered[i] ?? 0) + 1
    }
  }
  // Four standard errors of a share of 0.95, and a little for the curve not being straight in its constants.
  const chance = 4 * Math.sqrt((0.95 * 0.05) / rounds) + 0.005
  for (const count of covered) expect(Math.abs(count / rounds - 0.95)).toBeLessThan(chance)
  expect(Math.sqrt(deviations / rounds) / 0.01).toBeCloseTo(1, 1)
})

test('the standard error of the exponent is the spread of exponents over repeated families', () => {
  const random = createRandom(12, 'test/exponent')
  const truth = law(60, 0.5)
  const fits = Array.from({ length: 1000 }, () =>
    fitted((size) => [truth(size) + 0.01 * random.normal(), truth(size) + 0.01 * random.normal()])
  )
  const mean = fits.reduce((sum, { exponent }) => sum + exponent, 0) / fits.length
  const spread = Math.sqrt(fits.reduce((sum, { exponent }) => sum + (exponent - mean) ** 2, 0) / (fits.length - 1))
  const reported = Math.sqrt(fits.reduce((sum, { exponentError }) => sum + exponentError ** 2, 0) / fits.length)
  expect(mean).toBeCloseTo(0.5, 2)
  expect(Math.abs(reported / spread - 1)).toBeLessThan(0.1)
})

test('a family that is no power law gets a wider band than its seeds alone would give', () => {
  const bent = (size: number) => law(60, 0.5)(size) + (size === 80_000 ? 0.05 : 0)
  const fit = fitted((size) => [bent(size) - 0.001, bent(size) + 0.001])
  expect(fit.deviation).toBeGreaterThan(0.02)
})

test('seeds are weights: a size with many runs draws the curve to itself', () => {
  const truth = law(60, 0.5)
  const off = (seeds: number) => {
    const fit = fitted((size) => (size === 640_000 ? Array<number>(seeds).fill(truth(size) + 0.02) : [truth(size)]))
    return truth(640_000) + 0.02 - inside(fit, 640_000).loss
  }
  expect(off(50)).toBeLessThan(off(1) / 2)
})

test('outside the measured sizes nothing is said', () => {
  const fit = fitted((size) => [law(60, 0.5)(size)])
  expect(powerLawAt(fit, 19_999)).toEqual({ kind: 'outside' })
  expect(powerLawAt(fit, 640_001)).toEqual({ kind: 'outside' })
  expect(powerLawAt(fit, Number.NaN)).toEqual({ kind: 'outside' })
  expect(powerLawAt(fit, 20_000).kind).toBe('inside')
})

test('the band ends at the floor, below which no model can be', () => {
  const noise = [0.05, -0.06, 0.06, -0.06, 0.06, -0.05]
  const fit = fitted((size) => [law(60, 0.5)(size) + (noise[sizes.indexOf(size)] ?? 0)])
  expect(Math.min(...sizes.map((size) => inside(fit, size).low))).toBe(floor)
})

test('floors are known for the corpus and its domains, not for groups of them', () => {
  const floors = ['total', 'fact', 'seq', 'memory', 'engl'].map((quantity) => quantityFloor(run(1), quantity))
  expect(floors).toEqual([0.7, 0.2, 1, undefined, undefined])
})

test('what determines no curve says why', () => {
  const reason = (of: readonly number[], losses: (size: number) => number) => {
    const fit = fitPowerLaw(
      familyOf(of, (size) => [losses(size)]),
      'total',
      floor
    )
    return fit.kind === 'undetermined' ? fit.reason : fit.kind
  }
  expect(reason([1000, 2000], law(60, 0.5))).toBe('a curve with a margin needs at least three dense sizes')
  expect(reason(sizes, () => 0.6)).toBe('the losses do not lie above the floor')
  expect(reason(sizes, (size) => 0.8 + size / 1e7)).toBe('no power of the size describes the losses')
  expect(() =>
    fitPowerLaw(
      familyOf(sizes, (size) => [law(60, 0.5)(size)]),
      'engl',
      floor
    )
  ).toThrow("dense-20000: no loss is known for 'engl'")
})
