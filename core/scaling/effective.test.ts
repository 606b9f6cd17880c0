import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '../random'
import { denseFamily } from './dense-family'
import { type EffectiveParameters, effectiveParameters } from './effective'
import { familyOf, run } from './runs.fixture'

const sizes = [20_000, 40_000, 80_000, 160_000, 320_000, 640_000, 1_280_000]

/** A law of diminishing returns: L = E + A / N^alpha. */
const powerLaw = (size: number) => 0.7 + 60 / size ** 0.5

/** A straight line in log N: 0.1 nats for each doubling. */
const straight = (size: number) => 2 - 0.1 * Math.log2(size / 20_000)

/** Three seeds with the mean `loss` and the standard deviation `deviation`. */
const three = (loss: number, deviation: number) => [loss - deviation, loss, loss + deviation]

/** As many seeds with the mean `loss` and, of the sample, the standard deviation `deviation`. */
function spread(count: number, loss: number, deviation: number): number[] {
  const raw = Array.from({ length: count }, (_, i) => i - (count - 1) / 2)
  const scale = deviation / Math.sqrt(raw.reduce((sum, each) => sum + each ** 2, 0) / (count - 1))
  return raw.map((each) => loss + each * scale)
}

const log = fc.double({ min: Math.log(20_001), max: Math.log(1_279_999), noNaN: true })

test('without noise, a dense model of any size in the range gets an interval that holds its size', () => {
  fc.assert(
    fc.property(log, fc.double({ min: 0.05, max: 1.5, noNaN: true }), (logSize, alpha) => {
      const law = (size: number) => 0.7 + (size / 20_000) ** -alpha
      const size = Math.exp(logSize)
      const found = effectiveParameters(
        familyOf(sizes, (size) => [law(size), law(size)]),
        'total',
        [law(size)]
      )
      if (found.kind !== 'interval') throw new Error(`expected an interval, found ${JSON.stringify(found)}`)
      expect(found.low).toBeLessThanOrEqual(size * (1 + 1e-6))
      expect(found.high).toBeGreaterThanOrEqual(size * (1 - 1e-6))
      expect(found.low).toBeLessThanOrEqual(found.estimate * (1 + 1e-9))
      expect(found.estimate).toBeLessThanOrEqual(found.high * (1 + 1e-9))
      expect(found.high / found.low).toBeLessThan(2.1)
    })
  )
})

test('on a straight curve the interval is t(f) s sqrt(1/n + 1/m) in loss, turned into sizes', () => {
  const deviation = 0.02
  const family = familyOf(sizes, (size) => three(straight(size), deviation))
  const found = effectiveParameters(family, 'total', three(straight(200_000), deviation))
  // 7 sizes and the model, 2 degrees each; t of 16 from Abramowitz and Stegun 1964, table 26.10.
  const halvings = (2.1199 * deviation * Math.sqrt(2 / 3)) / 0.1
  expect(found).toMatchObject({ kind: 'interval' })
  if (found.kind !== 'interval') return
  expect(found.estimate).toBeCloseTo(200_000, 0)
  expect(Math.log2(200_000 / found.low)).toBeCloseTo(halvings, 4)
  expect(Math.log2(found.high / 200_000)).toBeCloseTo(halvings, 4)
  expect(found.basis).toEqual({
    method: 'interpolated',
    quantity: 'total',
    convention: 'all',
    sizes: 7,
    smallest: 20_000,
    largest: 1_280_000,
    familySeeds: 21,
    modelSeeds: 3,
    confidence: 0.95
  })
})

test('a model with one seed borrows the spread of the family, and its interval is wider', () => {
  const family = familyOf(sizes, (size) => three(straight(size), 0.02))
  const found = effectiveParameters(family, 'total', [straight(200_000)])
  if (found.kind !== 'interval') throw new Error(`expected an interval, found ${JSON.stringify(found)}`)
  // t of 14 degrees of freedom.
  expect(Math.log2(found.high / found.estimate)).toBeCloseTo((2.1448 * 0.02 * Math.sqrt(1 + 1 / 3)) / 0.1, 4)
})

const rounds = 3000
/** Four standard errors of a share of 0.95 in so many rounds. */
const chance = 4 * Math.sqrt((0.95 * 0.05) / rounds)

test.each([
  // Here the formula is exact; between sizes and on bent curves the interval is made to err on the wide side.
  ['at a dense size, on a straight curve', straight, 160_000, 0.95 - chance, 0.95 + chance],
  ['between dense sizes, on a bent curve', powerLaw, 115_000, 0.95, 1]
])('noisy intervals cover the true size as often as they say: %s', (_, law, size, least, most) => {
  const random = createRandom(5, 'test/coverage')
  const noisy = (loss: number) => [0, 1, 2].map(() => loss + 0.01 * random.normal())
  let covered = 0
  for (let round = 0; round < rounds; round++) {
    const family = familyOf(sizes, (size) => noisy(law(size)))
    if (holds(effectiveParameters(family, 'total', noisy(law(size))), size)) covered++
  }
  expect(covered / rounds).toBeGreaterThanOrEqual(least)
  expect(covered / rounds).toBeLessThanOrEqual(most)
})

test('models beyond the ends are above or below, never extrapolated', () => {
  const family = familyOf(sizes, (size) => three(straight(size), 0.01))
  const basis = { quantity: 'total' }
  expect(effectiveParameters(family, 'total', [1.3])).toMatchObject({ kind: 'above', bound: 1_280_000, basis })
  expect(effectiveParameters(family, 'total', [2.1])).toMatchObject({ kind: 'below', bound: 20_000, basis })
})

test('a model as good as the largest or the smallest has one end only', () => {
  const family = familyOf(sizes, (size) => three(straight(size), 0.01))
  const largest = effectiveParameters(family, 'total', [straight(1_280_000) + 0.005])
  expect(largest).toMatchObject({ kind: 'undetermined', reason: 'the largest dense size cannot be told apart from it' })
  expect(largest).not.toHaveProperty('high')
  expect(holds(largest, 1_200_000)).toBe(true)
  expect(holds(largest, 600_000)).toBe(false)
  const smallest = effectiveParameters(family, 'total', [straight(20_000)])
  expect(smallest).toMatchObject({
    kind: 'undetermined',
    reason: 'the smallest dense size cannot be told apart from it'
  })
  expect(smallest).not.toHaveProperty('low')
})

test('a flat family determines nothing', () => {
  const random = createRandom(1, 'test/flat')
  const family = familyOf(sizes, () => [0, 1, 2].map(() => 1 + 0.01 * random.normal()))
  expect(effectiveParameters(family, 'total', [1])).toMatchObject({
    kind: 'undetermined',
    reason: 'the dense sizes cannot be told apart within the noise'
  })
})

test('a stretch without improvement gives its ends and no estimate', () => {
  // The three middle sizes get worse; their mean is 1.5.
  const losses = new Map(sizes.map((size, i) => [size, [2, 1.8, 1.4, 1.5, 1.6, 1.2, 1][i] ?? Number.NaN]))
  const family = familyOf(sizes, (size) => three(losses.get(size) ?? Number.NaN, 0.001))
  const found = effectiveParameters(family, 'total', [1.5])
  expect(found).toMatchObject({ kind: 'undetermined', reason: 'dense models of this loss do not improve with size' })
  expect(holds(found, 80_000) && holds(found, 320_000)).toBe(true)
  expect(holds(found, 40_000) || holds(found, 640_000)).toBe(false)
  expect(effectiveParameters(family, 'total', [1.7])).toMatchObject({ kind: 'interval' })
})

test('an interval wider than a factor 4 is undetermined', () => {
  const family = familyOf(sizes, (size) => three(straight(size), 0.06))
  const found = effectiveParameters(family, 'total', [straight(160_000)])
  expect(found).toMatchObject({ kind: 'undetermined', reason: 'the interval spans more than a factor 4' })
  expect(holds(found, 160_000)).toBe(true)
})

test('the runs that it takes are those after which the interval is narrow enough', () => {
  // On a straight curve an end is t s sqrt(2 / n) / 0.1 halvings away, and two together may be two halvings.
  const deviation = 0.1
  const family = familyOf(sizes, (size) => three(straight(size), deviation))
  const found = effectiveParameters(family, 'total', three(straight(160_000), deviation))
  // t of 8 (n - 1) degrees of freedom: 2.0032 for 8 runs, 1.9977 for 9; 2 t^2 must not exceed n.
  const needed = 9
  if (found.kind !== 'undetermined') throw new Error(`expected no interval, found ${JSON.stringify(found)}`)
  expect(found.runsNeeded).toBe(needed)
  const more = familyOf(sizes, (size) => spread(needed, straight(size), deviation))
  expect(effectiveParameters(more, 'total', spread(needed, straight(160_000), deviation)).kind).toBe('interval')
  const fewer = familyOf(sizes, (size) => spread(needed - 1, straight(size), deviation))
  expect(effectiveParameters(fewer, 'total', spread(needed - 1, straight(160_000), deviation)).kind).toBe(
    'undetermined'
  )
})

test('a stretch without improvement is not overcome by runs', () => {
  const losses = new Map(sizes.map((size, i) => [size, [2, 1.8, 1.5, 1.5, 1.5, 1.2, 1][i] ?? Number.NaN]))
  const family = familyOf(sizes, (size) => three(losses.get(size) ?? Number.NaN, 0.001))
  expect(effectiveParameters(family, 'total', [1.5])).not.toHaveProperty('runsNeeded')
})

test('without a second seed anywhere, or with one size, nothing is determined', () => {
  const single = familyOf(sizes, (size) => [straight(size)])
  expect(effectiveParameters(single, 'total', [1.5])).toMatchObject({
    kind: 'undetermined',
    reason: 'no model was trained with several seeds, so the noise is not known'
  })
  expect(effectiveParameters(single, 'total', [1.49, 1.51, 1.5])).toMatchObject({ kind: 'interval' })
  const lone = familyOf([100], () => [1, 2])
  expect(effectiveParameters(lone, 'total', [1])).toMatchObject({ reason: 'the dense family has only one size' })
})

test('the order of members and of seeds does not matter', () => {
  const random = createRandom(3, 'test/order')
  const members = sizes.map((parameters) => ({
    id: `dense-${parameters}`,
    parameters,
    reports: [1, 2, 3].map((seed) => run(powerLaw(parameters) + 0.005 * random.normal(), seed))
  }))
  const losses = [0.9, 0.905, 0.902]
  const ends = (members_: typeof members, losses_: number[]) => {
    const found = effectiveParameters(denseFamily(members_), 'memory', losses_)
    if (found.kind !== 'interval') throw new Error(`expected an interval, found ${JSON.stringify(found)}`)
    return [found.low, found.estimate, found.high]
  }
  const straightforward = ends(members, losses)
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat()), (keys) => {
      const shuffle = <T>(items: readonly T[]) =>
        items
          .map((item) => ({ item, key: keys.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ item }) => item)
      const shuffled = shuffle(members.map((member) => ({ ...member, reports: shuffle(member.reports) })))
      for (const [i, end] of ends(shuffled, shuffle(losses)).entries()) {
        expect(end / (straightforward[i] ?? Number.NaN)).toBeCloseTo(1, 9)
      }
    })
  )
})

test('a missing loss is refused', () => {
  const family = familyOf(sizes, (size) => three(straight(size), 0.01))
  expect(() => effectiveParameters(family, 'total', [])).toThrow('total: expected the loss of at least one seed')
  expect(() => effectiveParameters(family, 'total', [1, Number.NaN])).toThrow('found [1, NaN]')
  expect(() => effectiveParameters(family, 'engl', [1])).toThrow("dense-20000: no loss is known for 'engl'")
})

/** True when a finding agrees with a true size. */
function holds(found: EffectiveParameters, size: number): boolean {
  switch (found.kind) {
    case 'interval':
      return found.low <= size && size <= found.high
    case 'above':
      return size >= found.bound
    case 'below':
      return size <= found.bound
    case 'undetermined':
      return (found.low ?? 0) <= size && size <= (found.high ?? Number.POSITIVE_INFINITY)
  }
}
