import { expect, test } from 'vitest'
import { createRandom } from '../random'
import { type Draw, embedding, normal, ones, uniform, zeros } from './draw'

const count = 20_000

test.each<[string, Draw, number]>([
  ['ones', ones, 0],
  ['zeros', zeros, 0],
  ['normal', normal(0.02), 0.02],
  ['of an embedding, 0.5 / sqrt(d)', embedding, 0.05],
  // A uniform distribution in ±b has the standard deviation b / sqrt(3).
  ['uniform in ±1 / sqrt(inputs)', uniform(), 1 / Math.sqrt(3 * 25)],
  ['uniform, scaled', uniform(0.5), 0.5 / Math.sqrt(3 * 25)]
])('standard deviation: %s', (_, draw, expected) => {
  const values = valuesOf(draw)
  const mean = values.reduce((sum, each) => sum + each) / count
  const deviation = Math.sqrt(values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / count)
  expect(Math.abs(mean - (draw === ones ? 1 : 0))).toBeLessThanOrEqual((4 * expected) / Math.sqrt(count))
  expect(Math.abs(deviation - expected)).toBeLessThanOrEqual(0.03 * expected)
})

test('uniform values stay within their bound', () => {
  expect(Math.max(...valuesOf(uniform(0.5)).map(Math.abs))).toBeLessThanOrEqual(0.5 / Math.sqrt(25))
})

function valuesOf(draw: Draw): number[] {
  const next = draw([25, 100])
  const random = createRandom(1, 'draw')
  return Array.from({ length: count }, () => next(random))
}
