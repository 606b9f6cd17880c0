import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '../random'
import { sample, softmax } from './sampler'

const logits = Float32Array.of(2, 0.5, -1, 1.5, -3)
const draws = 20_000

/** Checks the frequency of each token against its expected probability, to five standard errors. */
function expectShares(settings: { temperature: number; topP: number }, expected: readonly number[]): void {
  const random = createRandom(5, 'test')
  const counts = new Array<number>(logits.length).fill(0)
  for (let i = 0; i < draws; i++) {
    const token = sample(logits, settings, random)
    counts[token] = (counts[token] ?? 0) + 1
  }
  counts.forEach((count, token) => {
    const probability = expected[token] ?? 0
    const error = Math.sqrt((probability * (1 - probability)) / draws)
    expect(Math.abs(count / draws - probability)).toBeLessThanOrEqual(5 * error)
  })
}

test('temperature 0 takes the most probable token, the first of equal ones', () => {
  const random = createRandom(1, 'test')
  expect(sample(logits, { temperature: 0, topP: 1 }, random)).toBe(0)
  expect(sample(Float32Array.of(1, 3, 3), { temperature: 0, topP: 0.1 }, random)).toBe(1)
})

test('tokens are drawn with the probabilities of the softmax at the temperature', () => {
  for (const temperature of [0.5, 1, 2]) {
    const weights = Array.from(logits, (each) => Math.exp(each / temperature))
    const total = weights.reduce((a, b) => a + b)
    expectShares(
      { temperature, topP: 1 },
      weights.map((each) => each / total)
    )
  }
})

test('top-p keeps the smallest set of tokens that has the probability', () => {
  const [a = 0, , , d = 0] = softmax(logits)
  expect(a).toBeLessThan(0.6)
  expect(a + d).toBeGreaterThan(0.6)
  expectShares({ temperature: 1, topP: 0.6 }, [a / (a + d), 0, 0, d / (a + d), 0])
  expectShares({ temperature: 1, topP: 0.01 }, [1, 0, 0, 0, 0])
})

test('every token takes one number from the stream, whatever the settings', () => {
  const settings = [
    { temperature: 0, topP: 1 },
    { temperature: 1, topP: 0.5 },
    { temperature: 2, topP: 1 }
  ]
  const after = settings.map((each) => {
    const random = createRandom(9, 'test')
    for (let i = 0; i < 10; i++) sample(logits, each, random)
    return random.uniform()
  })
  expect(new Set(after).size).toBe(1)
})

test('softmax is a distribution, also of very large logits', () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 60 }),
      fc.double({ min: 0.05, max: 4, noNaN: true }),
      (given, temperature) => {
        const found = softmax(Float32Array.from(given), temperature)
        expect(found.reduce((a, b) => a + b)).toBeCloseTo(1, 9)
        expect(found.every((each) => each >= 0 && each <= 1)).toBe(true)
      }
    )
  )
})
