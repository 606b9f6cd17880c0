import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultRuns, type LabRun, labRunSchema, lockedQuantities } from './choices'
import { quantityOf, withLocks } from './lock'

const anyRun = fc
  .record({
    kind: fc.constantFrom('dense', 'moe'),
    width: fc.constantFrom(16, 32, 64),
    experts: fc.constantFrom(4, 8, 16),
    topK: fc.constantFrom(1, 2, 4),
    characters: fc.constantFrom(100_000, 1_000_000)
  })
  .map((chosen): LabRun => labRunSchema.parse(chosen))

test('a locked run is as equal to its partner as its hidden width or its steps allow', () => {
  fc.assert(
    fc.property(anyRun, anyRun, fc.constantFrom(...lockedQuantities), (partner, run, quantity) => {
      const [same, locked] = withLocks([partner, { ...run, lock: { to: 0, in: quantity } }])
      expect(same).toEqual(partner)
      if (!locked) throw new Error('expected two runs')
      const target = quantityOf(partner, quantity)
      const field = quantity === 'flops' ? 'characters' : locked.kind === 'dense' ? 'feedForwardWidth' : 'expertWidth'
      const [value, change] = [locked[field] ?? 0, quantity === 'flops' ? 2048 : 1]
      // No neighbour is nearer.
      const distance = (next: number) => Math.abs(quantityOf({ ...locked, [field]: next }, quantity) - target)
      expect(distance(value)).toBeLessThanOrEqual(distance(value + change) + 1e-6)
      if (value > 1 && (field !== 'characters' || value > 10_240)) {
        expect(distance(value)).toBeLessThanOrEqual(distance(value - change) + 1e-6)
      }
    })
  )
})

test('the usual runs: two MoE models of equal active parameters, and a dense model of equal total', () => {
  const [dense, fine, coarse, large] = defaultRuns.map((run) => ({
    total: quantityOf(run, 'total'),
    active: quantityOf(run, 'active')
  }))
  // As the note on the small world has them: 27 k, 159 k with 30 k, 146 k with 28 k, 160 k.
  expect([dense, fine, coarse, large].map((each) => Math.round((each?.total ?? 0) / 1000))).toEqual([27, 159, 146, 160])
  expect([fine, coarse].map((each) => Math.round((each?.active ?? 0) / 1000))).toEqual([30, 28])
})

test('a lock to itself, or to a run that is not there, changes nothing', () => {
  const [run] = defaultRuns
  if (!run) throw new Error('expected a run')
  for (const to of [0, 3]) {
    const locked: LabRun = { ...run, lock: { to, in: 'total' } }
    expect(withLocks([locked])).toEqual([locked])
  }
})
