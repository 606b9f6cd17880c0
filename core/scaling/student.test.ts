import { expect, test } from 'vitest'
import { studentQuantile } from './student'

// Two-sided quantiles as printed in Abramowitz and Stegun 1964, table 26.10.
test.each([
  [1, 0.95, 12.706],
  [2, 0.95, 4.303],
  [3, 0.95, 3.182],
  [4, 0.95, 2.776],
  [10, 0.95, 2.228],
  [30, 0.95, 2.042],
  [120, 0.95, 1.98],
  [5, 0.99, 4.032],
  [8, 0.9, 1.86]
])('t of %i degrees of freedom and probability %f is %f', (freedom, probability, t) => {
  expect(studentQuantile(probability, freedom)).toBeCloseTo(t, 3)
})

test('what is no distribution is refused', () => {
  expect(() => studentQuantile(0.95, 0)).toThrow('degrees of freedom: expected a whole number of 1 or more, found 0')
  expect(() => studentQuantile(1, 3)).toThrow('probability: expected a number between 0 and 1, found 1')
})
