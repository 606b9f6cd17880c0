import fc from 'fast-check'
import { expect, test } from 'vitest'
import { paretoFront } from './pareto'

test('the front is what no other point beats, by comparing all with all', () => {
  const point = fc.record({ cost: fc.nat(6), loss: fc.nat(6) })
  fc.assert(
    fc.property(fc.array(point, { maxLength: 12 }), (points) => {
      const beaten = (one: { cost: number; loss: number }) =>
        points.some(
          (other) =>
            other.cost <= one.cost && other.loss <= one.loss && (other.cost < one.cost || other.loss < one.loss)
        )
      const front = paretoFront(points)
      const expected = new Set(points.filter((each) => !beaten(each)).map(({ cost, loss }) => `${cost} ${loss}`))
      expect(new Set(front.map(({ cost, loss }) => `${cost} ${loss}`))).toEqual(expected)
      expect(front).toHaveLength(expected.size)
      expect(front.map(({ cost }) => cost)).toEqual(front.map(({ cost }) => cost).toSorted((a, b) => a - b))
    })
  )
})
