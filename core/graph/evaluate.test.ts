import { expect, test } from 'vitest'
import { evaluate } from './evaluate'
import { input } from './expression'
import { add, matmul, multiply, reshape, split } from './operators'
import { values } from './tensor'

const x = input('x', 'float32', ['rows', 2])

test('a missing input, or one of another type or shape, is named', () => {
  expect(() => evaluate([x], { y: values('float32', [], [1]) })).toThrow("input 'x' is missing; given: y")
  expect(() => evaluate([x], { x: values('int32', [1, 2], [1, 2]) })).toThrow(
    "input 'x' must be float32[rows, 2], not int32[1, 2]"
  )
  expect(() => evaluate([x], { x: values('float32', [2, 1], [1, 2]) })).toThrow('not float32[2, 1]')
})

test('what cannot be computed is refused when it is written, with the operator and its operands', () => {
  const y = input('y', 'float32', [3])
  expect(() => add(x, y)).toThrow('Add(float32[rows, 2], float32[3]): shapes [rows, 2] and [3] cannot be broadcast')
  expect(() => add(y, input('i', 'int64', [3]))).toThrow('element types float32 and int64 differ')
  expect(() => matmul(x, input('m', 'float32', [3, 2]))).toThrow('inner sizes 2 and 3 differ')
  expect(() => reshape(y, [1, 1])).toThrow('another number of elements')
  expect(() => split(y, [1, 1], 0)).toThrow('parts of 2 in all do not fit axis 0 of 3')
})

test('a long chain of expressions needs no deep stack', () => {
  const chain = Array.from({ length: 20_000 }).reduce<typeof x>((sum) => multiply(sum, 1), x)
  const given = values('float32', [1, 2], [3, 4])
  expect(evaluate([chain], { x: given })[0]?.data).toEqual(given.data)
})
