import {
  add,
  cast,
  divide,
  equal,
  errorFunction,
  exponential,
  greater,
  identity,
  less,
  logarithm,
  minimum,
  multiply,
  negate,
  relu,
  sigmoid,
  silu,
  softplus,
  squareRoot,
  stopGradient,
  subtract,
  where
} from '../index'
import type { CasesOf } from './case'
import { applied, bool, discrete, float32, int32, int64, int64Arithmetic, normal, positive, rows } from './case'

/** Cases of `operators/elementwise.ts`. */
export const elementwiseCases: CasesOf<typeof import('../elementwise')> = {
  add: [
    applied('a row to a matrix', { a: normal(2, 3), b: normal(3) }, ({ a, b }) => add(a, b)),
    applied('a column to a row', { a: normal(2, 1), b: normal(1, 3) }, ({ a, b }) => add(a, b)),
    applied('rows of unknown number', { a: rows(4, 3), b: normal(3) }, ({ a, b }) => add(a, b)),
    applied('int32', { a: int32([3], [1, -2, 3]), b: int32([3], [4, 5, -6]) }, ({ a, b }) => add(a, b)),
    applied('int64', { a: int64([3], [1, -2, 3]), b: int64([3], [4, 5, 2 ** 40]) }, ({ a, b }) => add(a, b), {
      cpuOnly: int64Arithmetic
    })
  ],
  subtract: [applied('a row from a matrix', { a: normal(2, 3), b: normal(3) }, ({ a, b }) => subtract(a, b))],
  multiply: [
    applied('a matrix by a column', { a: normal(2, 3), b: normal(2, 1) }, ({ a, b }) => multiply(a, b)),
    applied('int64', { a: int64([3], [1, -2, 3]), b: int64([], [2 ** 24]) }, ({ a, b }) => multiply(a, b), {
      cpuOnly: int64Arithmetic
    })
  ],
  divide: [
    applied('a matrix by a row', { a: normal(2, 3), b: positive(3) }, ({ a, b }) => divide(a, b)),
    applied('int32, towards zero', { a: int32([4], [-7, 7, -1, 6]), b: int32([], [2]) }, ({ a, b }) => divide(a, b)),
    applied('int64, towards zero', { a: int64([4], [-7, 7, -1, 6]), b: int64([], [2]) }, ({ a, b }) => divide(a, b), {
      cpuOnly: int64Arithmetic
    })
  ],
  minimum: [applied('a matrix and a row', { a: normal(2, 3), b: normal(3) }, ({ a, b }) => minimum(a, b))],
  greater: [
    applied('floats', { a: normal(2, 3), b: normal(3) }, ({ a, b }) => greater(a, b), discrete),
    applied('a number above itself is not', { a: normal(3) }, ({ a }) => greater(a, a), discrete)
  ],
  less: [
    applied('floats', { a: normal(2, 3), b: normal(3) }, ({ a, b }) => less(a, b), discrete),
    applied('int64', { a: int64([3], [1, 2, 3]), b: int64([], [2]) }, ({ a, b }) => less(a, b), {
      cpuOnly: int64Arithmetic
    })
  ],
  equal: [
    applied('floats', { a: float32([3], [1, 2, 3]), b: float32([1], [2]) }, ({ a, b }) => equal(a, b), discrete),
    applied('int32', { a: int32([2, 1], [1, 2]), b: int32([3], [0, 1, 2]) }, ({ a, b }) => equal(a, b)),
    applied('int64', { a: int64([2, 1], [1, 2]), b: int64([3], [0, 1, 2]) }, ({ a, b }) => equal(a, b), {
      cpuOnly: int64Arithmetic
    })
  ],
  negate: [applied('a matrix', { x: normal(2, 3) }, ({ x }) => negate(x))],
  exponential: [applied('a matrix', { x: normal(2, 3) }, ({ x }) => exponential(x))],
  logarithm: [applied('a matrix', { x: positive(2, 3) }, ({ x }) => logarithm(x))],
  squareRoot: [applied('a matrix', { x: positive(2, 3) }, ({ x }) => squareRoot(x))],
  sigmoid: [applied('a matrix', { x: normal(2, 3) }, ({ x }) => sigmoid(x))],
  relu: [applied('a matrix', { x: normal(2, 3) }, ({ x }) => relu(x))],
  softplus: [
    applied('a matrix', { x: normal(2, 3) }, ({ x }) => softplus(x)),
    applied('far from 0', { x: float32([2], [-90, 90]) }, ({ x }) => softplus(x), discrete)
  ],
  errorFunction: [
    applied('a matrix', { x: normal(2, 3) }, ({ x }) => errorFunction(x)),
    applied('far from 0', { x: float32([4], [-7, -3, 3, 7]) }, ({ x }) => errorFunction(x), discrete)
  ],
  silu: [
    applied('a matrix', { x: normal(2, 3) }, ({ x }) => silu(x)),
    applied('rows of unknown number', { x: rows(4, 3) }, ({ x }) => silu(x))
  ],
  where: [
    applied(
      'a matrix or a row',
      { c: bool([2, 3], [1, 0, 1, 0, 0, 1]), a: normal(2, 3), b: normal(3) },
      ({ c, a, b }) => where(c, a, b)
    )
  ],
  cast: [
    applied('bool to float32', { x: bool([3], [1, 0, 1]) }, ({ x }) => cast(x, 'float32')),
    applied('bool to int64', { x: bool([3], [1, 0, 1]) }, ({ x }) => cast(x, 'int64')),
    applied('int32 to float32', { x: int32([3], [-1, 0, 7]) }, ({ x }) => cast(x, 'float32')),
    applied('int32 to int64', { x: int32([3], [-1, 0, 7]) }, ({ x }) => cast(x, 'int64')),
    applied('int64 to int32', { x: int64([3], [-1, 0, 7]) }, ({ x }) => cast(x, 'int32'), { cpuOnly: int64Arithmetic }),
    applied('int64 to float32', { x: int64([3], [-1, 0, 7]) }, ({ x }) => cast(x, 'float32'), {
      cpuOnly: int64Arithmetic
    }),
    applied('float32 to int32, truncated', { x: float32([3], [-1.5, 0.9, 7]) }, ({ x }) => cast(x, 'int32'), discrete)
  ],
  identity: [applied('a matrix', { x: normal(2, 3) }, ({ x }) => identity(x))],
  stopGradient: [applied('a matrix', { x: normal(2, 3) }, ({ x }) => stopGradient(x), discrete)]
}
