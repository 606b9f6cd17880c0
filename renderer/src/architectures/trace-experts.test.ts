import { expect, test } from 'vitest'
import { tracedExperts, tracesRouting } from './trace-experts'

const mixtral = { experts: { experts: 8, topK: 2, sharedExperts: 0, expertWidth: 14336 } }

test('a trace speaks for a model with as many experts and choices', () => {
  const facts = { kind: 'trace' as const, experts: 8, topK: 2 }
  expect(tracesRouting(facts, mixtral)).toBe(true)
  expect(tracesRouting({ ...facts, topK: 1 }, mixtral)).toBe(false)
  expect(tracesRouting({ ...facts, experts: 16 }, mixtral)).toBe(false)
  expect(tracesRouting({ ...facts, kind: 'counts' }, mixtral)).toBe(false)
  expect(tracesRouting(facts, { experts: null })).toBe(false)
})

test('its own layers where there are as many, else their mean; nothing for batches that it is too short for', () => {
  const counted = { layers: [0, 1], batch: 4, batches: 10, unique: Float64Array.of(4, 6), baseline: 5.5 }
  expect(tracedExperts(counted, 2)).toEqual([4, 6])
  expect(tracedExperts(counted, 3)).toEqual([5, 5, 5])
  expect(tracedExperts({ ...counted, batches: 0, unique: Float64Array.of(Number.NaN, Number.NaN) }, 2)).toBeUndefined()
})
