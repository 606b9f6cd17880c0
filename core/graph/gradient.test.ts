import { expect, test } from 'vitest'
import { evaluate } from './evaluate'
import { constant, input, scalar } from './expression'
import { gradients } from './gradient'
import {
  add,
  argumentSort,
  concatenate,
  exclusiveCumulativeSum,
  exponential,
  gather,
  matmul,
  minimum,
  multiply,
  splitRows,
  stopGradient,
  sum
} from './operators'
import { values } from './tensor'

const x = input('x', 'float32', [2])
const given = { x: values('float32', [2], [3, 4]) }

function gradientOf(
  loss: Parameters<typeof gradients>[0],
  ...rest: [seed?: Parameters<typeof gradients>[2]]
): number[] {
  return [...(evaluate(gradients(loss, [x], ...rest), given)[0]?.data ?? [])]
}

test('what is used on several paths adds up: d(x^2 + 2x) = 2x + 2', () => {
  expect(gradientOf(sum(add(multiply(x, x), multiply(x, 2))))).toEqual([8, 10])
})

test('a seed stands for what lies beyond the loss', () => {
  expect(gradientOf(sum(multiply(x, x)), scalar(-10))).toEqual([-60, -80])
})

test('what gradients stop at is a constant to them: d(x * stop(x)) = x', () => {
  expect(gradientOf(sum(multiply(x, stopGradient(x))))).toEqual([3, 4])
})

test('a source that the loss does not depend on gets zeros', () => {
  expect(gradientOf(sum(constant(given.x)))).toEqual([0, 0])
})

test('an intermediate result can be a source', () => {
  const squares = multiply(x, x)
  const [found] = evaluate(gradients(sum(exponential(multiply(squares, 0))), [squares]), given)
  expect([...(found?.data ?? [])]).toEqual([0, 0])
  expect([...(evaluate(gradients(sum(multiply(squares, 7)), [squares]), given)[0]?.data ?? [])]).toEqual([7, 7])
})

test('of two equal values the first is the minimum', () => {
  expect(gradientOf(sum(minimum(x, constant(values('float32', [2], [3, 5])))))).toEqual([1, 1])
  expect(gradientOf(sum(minimum(constant(values('float32', [2], [3, 3])), x)))).toEqual([0, 0])
})

test('an operator without a gradient is an error only where the loss depends on it', () => {
  const running = exclusiveCumulativeSum(x, 0)
  expect(() => gradients(sum(running), [x])).toThrow('CumSum has no gradient, but the loss depends on it')
  expect(() => gradients(sum(gather(x, argumentSort(constant(values('int64', [2], [9, 8]))))), [x])).not.toThrow()
})

test('an expert without a token: no output row, and zeros for its weights', () => {
  const rows = input('rows', 'float32', [3, 2])
  const weights = ['a', 'b', 'c'].map((name) => input(name, 'float32', [2, 2]))
  const parts = splitRows(rows, constant(values('int64', [3], [2, 0, 1])))
  const computed = concatenate(
    parts.map((part, i) => matmul(part, weights[i] ?? rows)),
    0
  )
  const inputs = {
    rows: values('float32', [3, 2], [1, 2, 3, 4, 5, 6]),
    ...Object.fromEntries(['a', 'b', 'c'].map((name, i) => [name, values('float32', [2, 2], [1, 0, 0, i + 1])]))
  }
  expect([...(evaluate([computed], inputs)[0]?.data ?? [])]).toEqual([1, 2, 3, 4, 5, 18])
  const [, , byB, byC] = evaluate(gradients(sum(computed), [rows, ...weights]), inputs)
  expect([...(byB?.data ?? [])]).toEqual([0, 0, 0, 0])
  expect([...(byC?.data ?? [])]).toEqual([5, 5, 6, 6])
})
