import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultRuns, type LabRun, labRunSchema } from './choices'
import { expectedSeconds } from './expected-time'
import { quantityOf, withLocks } from './lock'
import type { ShownTraining } from './state'

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
    fc.property(anyRun, anyRun, fc.constantFrom('active', 'total', 'flops'), (partner, run, quantity) => {
      const [same, locked] = withLocks([partner, { ...run, lock: { to: 0, in: quantity } }], [])
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

const seenAt = (kind: 'dense' | 'moe', secondsPerToken: number): ShownTraining => ({
  kind,
  steps: 10,
  charactersPerStep: 2048,
  flopsPerToken: 200_000,
  losses: [],
  points: [],
  loads: [],
  sample: undefined,
  clock: [
    [0, 0],
    [20_480, 20_480 * secondsPerToken]
  ]
})

test('a run locked in time takes as long as its partner by the speeds that were seen, to half a step', () => {
  const seen = [seenAt('dense', 1e-5), seenAt('moe', 4e-5)]
  fc.assert(
    fc.property(anyRun, anyRun, (partner, run) => {
      const [, locked] = withLocks([partner, { ...run, lock: { to: 0, in: 'time' } }], seen)
      if (!locked) throw new Error('expected two runs')
      const seconds = (of: LabRun) => expectedSeconds(of, seen) ?? Number.NaN
      const step = seconds({ ...locked, characters: 2048 })
      const shortest = Math.abs(locked.characters - 10_000) < 1
      if (!shortest) expect(Math.abs(seconds(locked) - seconds(partner))).toBeLessThanOrEqual(0.5 * step + 1e-9)
      expect({ ...locked, characters: 0, lock: 0 }).toEqual({ ...run, characters: 0, lock: 0 })
    })
  )
})

test('while no run of a kind was seen, one locked in time stays as it is', () => {
  const [dense, moe] = defaultRuns
  if (!dense || !moe) throw new Error('expected runs')
  const locked: LabRun = { ...moe, lock: { to: 0, in: 'time' } }
  expect(withLocks([dense, locked], [seenAt('dense', 1e-5)])).toEqual([dense, locked])
})

test('a lock to itself, or to a run that is not there, changes nothing', () => {
  const [run] = defaultRuns
  if (!run) throw new Error('expected a run')
  for (const to of [0, 3]) {
    const locked: LabRun = { ...run, lock: { to, in: 'total' } }
    expect(withLocks([locked], [])).toEqual([locked])
  }
})
