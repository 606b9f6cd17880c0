import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RoutingCounts } from '../trace'
import { balanceOf, countsOfSteps, layerOf } from './balance'
import { coefficientOfVariation } from './coefficient-of-variation'
import { deadExperts } from './dead-experts'

// Mixtral 8x7B on arXiv, layer 0: 208,896 tokens, published with OLMoE's analysis (allenai/OLMoE, routing_output).
const mixtral = [55713, 52019, 52619, 50522, 44401, 66285, 44770, 51463]

test("the balance of Mixtral's published counts", () => {
  const { load, cv, entropy, jain, maxViolation, dead } = balanceOf(mixtral)
  // The counts are of 2 assignments for each of the tokens.
  expect(mixtral.reduce((sum, count) => sum + count)).toBe(417_792)
  expect(cv).toBeCloseTo(0.123, 3)
  expect(entropy).toBeCloseTo(0.9965, 4)
  expect(jain).toBeCloseTo(0.9851, 4)
  expect(maxViolation).toBeCloseTo(66_285 / 52_224 - 1, 10)
  expect(load[0]).toBe(55_713 / 417_792)
  expect(dead).toEqual([])
})

test('one expert that gets all, and an even load, are the ends of every scale', () => {
  expect(balanceOf([0, 9, 0, 0])).toMatchObject({ entropy: 0, jain: 0.25, maxViolation: 3, dead: [0, 2, 3] })
  expect(coefficientOfVariation([0, 9, 0, 0])).toBeCloseTo(Math.sqrt(3), 12)
  expect(balanceOf([7, 7, 7, 7])).toMatchObject({ cv: 0, jain: 1, maxViolation: 0, dead: [] })
  expect(balanceOf([7, 7, 7, 7]).entropy).toBeCloseTo(1, 12)
  expect(balanceOf([3])).toMatchObject({ cv: 0, entropy: 1, jain: 1, maxViolation: 0, dead: [] })
})

test('n experts that share evenly look alike to Jain and the entropy: n of E, and log n of log E', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(39), fc.integer({ min: 1, max: 1e6 }), (experts, n, count) => {
      const used = 1 + (n % experts)
      const counts = Array.from({ length: experts }, (_, expert) => (expert < used ? count : 0))
      const { cv, entropy, jain, maxViolation, dead } = balanceOf(counts)
      expect(jain).toBeCloseTo(used / experts, 9)
      expect(entropy).toBeCloseTo(Math.log(used) / Math.log(experts), 9)
      // Jain = 1 / (1 + CV^2).
      expect(1 / (1 + cv ** 2)).toBeCloseTo(jain, 9)
      expect(maxViolation).toBeCloseTo(experts / used - 1, 9)
      expect(dead).toHaveLength(experts - used)
    })
  )
})

test('with a share, experts that get less than that part of an even load are dead', () => {
  const counts = [0, 1, 2, 397]
  expect(deadExperts(counts)).toEqual([0])
  // Even is 100; a hundredth of it is 1.
  expect(deadExperts(counts, 0.01)).toEqual([0])
  expect(deadExperts(counts, 0.015)).toEqual([0, 1])
  expect(deadExperts(counts, 0.021)).toEqual([0, 1, 2])
})

test('nothing counted is no number', () => {
  const { cv, entropy, jain, maxViolation, dead, load } = balanceOf([0, 0])
  expect([cv, entropy, jain, maxViolation, ...load]).toEqual(new Array(6).fill(Number.NaN))
  expect(dead).toEqual([0, 1])
})

test('counts without tokens are added up over their steps', () => {
  const counts: RoutingCounts = {
    kind: 'counts',
    model: '',
    source: '',
    layers: [1, 3],
    experts: 2,
    topK: undefined,
    steps: 3,
    counts: Float64Array.from([1, 2, 3, 4, 10, 20, 30, 40, 100, 200, 300, 400]),
    notes: []
  }
  expect([...countsOfSteps(counts)]).toEqual([111, 222, 333, 444])
  expect([...countsOfSteps(counts, 1, 2)]).toEqual([10, 20, 30, 40])
  expect([...layerOf(countsOfSteps(counts, 1), 1, 2)]).toEqual([330, 440])
  expect(() => countsOfSteps(counts, 1, 4)).toThrow('expected steps within 0 to 3, found 1 to 4')
  expect(() => countsOfSteps(counts, 1, 1)).toThrow(RangeError)
})
