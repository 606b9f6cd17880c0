import type { ValidationPoint } from '@core/formats/training-report'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answersRight, type CurvePoint, lossesOf, meansAround } from './curves'

const score = (right: number, total: number) => ({ loss: 1, characters: 10, right, total })
const point: ValidationPoint = {
  step: 1,
  characters: 2048,
  loss: 1.5,
  memory: 1.2,
  computation: Number.NaN,
  domains: { fact: 1.1, var: 2 },
  answers: {
    memory: score(6, 8),
    computation: score(0, 0),
    domains: {
      fact: { ...score(6, 8), by_difficulty: [] },
      var: { ...score(1, 4), by_difficulty: [] }
    }
  }
}

test('losses and right answers are those of the chosen documents, and none where nothing was measured', () => {
  expect(lossesOf([point], 'all')).toEqual([[2048, 1.5]])
  expect(lossesOf([point], 'memory')).toEqual([[2048, 1.2]])
  expect(lossesOf([point], 'computation')).toEqual([])
  expect(lossesOf([point], 'var')).toEqual([[2048, 2]])
  expect(lossesOf([point], 'engl')).toEqual([])
  expect(answersRight([point], 'all')).toEqual([[2048, 7 / 12]])
  expect(answersRight([point], 'memory')).toEqual([[2048, 0.75]])
  expect(answersRight([point], 'var')).toEqual([[2048, 0.25]])
  expect(answersRight([point], 'computation')).toEqual([])
  expect(answersRight([point], 'engl')).toEqual([])
})

test('each smoothed value is the mean of as many values before as after', () => {
  const curve = fc.array(fc.double({ noNaN: true, min: 0, max: 10 }), { maxLength: 120 })
  fc.assert(
    fc.property(curve, fc.constantFrom('none', 'some', 'much'), (values, smoothing) => {
      const points = values.map((value, i): CurvePoint => [i, value])
      const found = meansAround(points, smoothing)
      const most = Math.floor(({ none: 0, some: 0.02, much: 0.1 }[smoothing] * values.length) / 2)
      for (const [i, [characters, value]] of found.entries()) {
        const reach = Math.min(most, i, values.length - 1 - i)
        const part = values.slice(i - reach, i + reach + 1)
        expect(characters).toBe(i)
        expect(value).toBeCloseTo(part.reduce((sum, each) => sum + each, 0) / part.length, 9)
      }
      expect(found).toHaveLength(values.length)
    })
  )
})
