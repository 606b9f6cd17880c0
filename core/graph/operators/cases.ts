/**
 * Every operator on small random inputs: what the backends are tested on, forward and backward. A new function in this
 * folder needs an entry here; the type of the table and a test see to that.
 */
import { capture, constant } from '../expression'
import { gradients } from '../gradient'
import { values } from '../tensor'
import type { OperatorCase } from './case'
import { applied, bool, float32, int32, int64, normal, positive, rows, unknown } from './case'
import {
  add,
  argumentSort,
  cast,
  concatenate,
  constantInteger,
  dimensionOf,
  divide,
  equal,
  exclusiveCumulativeSum,
  expandLike,
  exponential,
  flatten,
  gather,
  gatherElements,
  greater,
  identity,
  ifThenElse,
  largest,
  less,
  logarithm,
  logSoftmax,
  logSumExp,
  matmul,
  mean,
  minimum,
  multiply,
  negate,
  oneHot,
  permuteRows,
  positionsOf,
  range,
  reshape,
  rmsNorm,
  rotary,
  rotaryTable,
  scatterElements,
  sigmoid,
  silu,
  slice,
  softmax,
  split,
  splitRows,
  squareRoot,
  squeeze,
  stack,
  stopGradient,
  subtract,
  sum,
  sumTo,
  topK,
  transpose,
  transposeLast,
  unsqueeze,
  where,
  zerosLike,
  zerosOf
} from './index'

type Operators = typeof import('./index')

/** Names of the functions that apply operators. */
export type OperatorFunction = {
  [Name in keyof Operators]: Operators[Name] extends (...given: never[]) => unknown ? Name : never
}[keyof Operators]

// What ONNX Runtime 1.30 cannot do on WebGPU. A test in the browser notices when one of these is no longer true.
const int64Arithmetic = 'int64 is read as indices and written by TopK, but not computed with'
const noKernel = 'there is no kernel'

const discrete = { sources: [] }

/** Cases by the function that applies the operator. */
export const operatorCases: Readonly<Record<OperatorFunction, readonly OperatorCase[]>> = {
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
  stopGradient: [applied('a matrix', { x: normal(2, 3) }, ({ x }) => stopGradient(x), discrete)],

  matmul: [
    ...[false, true].flatMap((ta) =>
      [false, true].map((tb) =>
        applied(
          `matrices${ta ? ', first transposed' : ''}${tb ? ', second transposed' : ''}`,
          { a: ta ? normal(5, 4) : normal(4, 5), b: tb ? normal(3, 5) : normal(5, 3) },
          ({ a, b }) => matmul(a, b, { a: ta, b: tb })
        )
      )
    ),
    applied('rows of unknown number', { a: rows(4, 5), b: normal(5, 3) }, ({ a, b }) => matmul(a, b)),
    applied('no rows', { a: rows(0, 5), b: normal(5, 3) }, ({ a, b }) => matmul(a, b)),
    applied('a batch', { a: normal(2, 4, 5), b: normal(2, 5, 3) }, ({ a, b }) => matmul(a, b)),
    applied('a batch by a transposed batch', { a: normal(2, 4, 5), b: normal(2, 3, 5) }, ({ a, b }) =>
      matmul(a, b, { b: true })
    ),
    applied('a group axis against one broadcast', { a: normal(2, 2, 3, 4, 5), b: normal(2, 2, 1, 6, 5) }, ({ a, b }) =>
      matmul(a, b, { b: true })
    ),
    applied('a batch by a matrix', { a: normal(2, 4, 5), b: normal(5, 3) }, ({ a, b }) => matmul(a, b)),
    applied('a matrix by a batch', { a: normal(1, 5), b: normal(2, 5, 3) }, ({ a, b }) => matmul(a, b))
  ],
  transposeLast: [applied('a batch', { x: normal(2, 3, 4) }, ({ x }) => transposeLast(x))],

  sum: [
    applied('all', { x: normal(2, 3) }, ({ x }) => sum(x)),
    applied('the first axis', { x: normal(2, 3, 2) }, ({ x }) => sum(x, [0])),
    applied('two axes, kept', { x: normal(2, 3, 2) }, ({ x }) => sum(x, [0, -1], true)),
    applied('rows of unknown number', { x: rows(4, 3) }, ({ x }) => sum(x, [0])),
    applied('int64', { x: int64([2, 2], [1, 2, 3, 4]) }, ({ x }) => sum(x, [0]), { cpuOnly: int64Arithmetic })
  ],
  mean: [
    applied('all', { x: normal(2, 3) }, ({ x }) => mean(x)),
    applied('the first axis', { x: normal(2, 3) }, ({ x }) => mean(x, [0])),
    applied('the last axis, kept', { x: normal(2, 3, 2) }, ({ x }) => mean(x, [-1], true))
  ],
  logSumExp: [
    applied('the last axis', { x: normal(2, 3) }, ({ x }) => logSumExp(x, [1])),
    applied('both axes, kept', { x: normal(2, 3) }, ({ x }) => logSumExp(x, [0, 1], true)),
    applied('large values', { x: float32([2, 2], [300, 301, -300, -299]) }, ({ x }) => logSumExp(x, [1])),
    applied('values near 200, over the first axis', { x: float32([3, 1], [200, 199, 201.5]) }, ({ x }) =>
      logSumExp(x, [0])
    )
  ],
  largest: [
    applied('all', { x: normal(2, 3) }, ({ x }) => largest(x), discrete),
    applied('the last axis, kept', { x: normal(2, 3, 2) }, ({ x }) => largest(x, [-1], true), discrete),
    applied('rows of unknown number', { x: rows(4, 3) }, ({ x }) => largest(x, [1]), discrete)
  ],
  sumTo: [
    applied('a row', { x: normal(2, 3) }, ({ x }) => sumTo(x, [3])),
    applied('a column', { x: normal(2, 2, 3) }, ({ x }) => sumTo(x, [2, 1]))
  ],
  softmax: [
    applied('rows', { x: normal(3, 5) }, ({ x }) => softmax(x)),
    applied('a row that hides some', { x: float32([1, 3], [0.5, -1e9, 1]) }, ({ x }) => softmax(x))
  ],
  logSoftmax: [
    applied('rows', { x: normal(3, 5) }, ({ x }) => logSoftmax(x)),
    applied('large values', { x: float32([2, 3], [300, 301, 299, -300, -299, -301]) }, ({ x }) => logSoftmax(x)),
    applied('rows of unknown number', { x: rows(4, 3) }, ({ x }) => logSoftmax(x))
  ],
  rmsNorm: [
    applied('rows', { x: normal(3, 4), scale: normal(4) }, ({ x, scale }) => rmsNorm(x, scale, 1e-6)),
    applied('a large epsilon', { x: normal(3, 4), scale: normal(4) }, ({ x, scale }) => rmsNorm(x, scale, 0.5)),
    applied('rows of unknown number', { x: rows(3, 4), scale: normal(4) }, ({ x, scale }) => rmsNorm(x, scale, 1e-5))
  ],
  rotary: [
    applied('two heads', { x: normal(2, 3, 8), positions: int64([2, 3], [0, 1, 2, 3, 0, 5]) }, ({ x, positions }) =>
      rotary(x, positions, rotaryTable(6, 4, 10_000))
    )
  ],
  rotaryTable: [
    applied('turning a unit vector', { x: float32([1, 2, 4], [1, 1, 0, 0, 1, 1, 0, 0]) }, ({ x }) =>
      rotary(x, constant(values('int64', [1, 2], [1, 7])), rotaryTable(8, 4, 100))
    )
  ],

  gather: [
    applied(
      'int64 indices',
      { x: normal(4, 3), at: int64([2, 2], [3, 0, 1, 3]) },
      ({ x, at }) => gather(x, at),
      discrete
    ),
    applied('int32 indices', { x: normal(4, 3), at: int32([3], [3, 0, 3]) }, ({ x, at }) => gather(x, at), discrete),
    applied('columns', { x: normal(2, 4), at: int64([3], [3, 0, 3]) }, ({ x, at }) => gather(x, at, 1), discrete),
    applied('gradient', { x: normal(4, 2, 3), at: int32([2, 2], [3, 0, 1, 3]) }, ({ x, at }) => gather(x, at)),
    applied('gradient, int64 indices', { x: normal(4, 3), at: int64([3], [3, 0, 3]) }, ({ x, at }) => gather(x, at), {
      cpuOnly: int64Arithmetic
    }),
    applied(
      'gradient of the gradient',
      { x: normal(4, 3), at: int32([3], [3, 0, 3]) },
      ({ x, at }) => {
        const picked = gather(x, at)
        return gradients(sum(multiply(picked, multiply(picked, picked))), [x])
      },
      { cpuOnly: int64Arithmetic }
    )
  ],
  permuteRows: [
    applied(
      'once each',
      { x: normal(3, 2), order: int64([3], [2, 0, 1]), back: int64([3, 1], [1, 2, 0]) },
      ({ x, order, back }) => permuteRows(x, order, back),
      { cpuOnly: int64Arithmetic }
    ),
    applied(
      'twice each',
      { x: normal(2, 2), order: int64([4], [1, 0, 0, 1]), back: int64([2, 2], [1, 2, 0, 3]) },
      ({ x, order, back }) => permuteRows(x, order, back)
    )
  ],
  gatherElements: [
    applied('columns', { x: normal(3, 4), at: int64([3, 2], [3, 0, 1, 2, 0, 1]) }, ({ x, at }) =>
      gatherElements(x, at, 1)
    ),
    applied('rows', { x: normal(3, 2), at: int64([2, 2], [2, 0, 1, 1]) }, ({ x, at }) => gatherElements(x, at, 0))
  ],
  scatterElements: [
    applied(
      'columns',
      { x: normal(3, 4), at: int64([3, 2], [3, 0, 1, 2, 0, 1]), updates: normal(3, 2) },
      ({ x, at, updates }) => scatterElements(x, at, updates, 1)
    )
  ],
  topK: [
    applied('two of five', { x: normal(4, 5) }, ({ x }) => Object.values(topK(x, 2)), discrete),
    applied('rows of unknown number', { x: rows(3, 5) }, ({ x }) => Object.values(topK(x, 2)), discrete),
    applied(
      'ties to the lower index',
      { x: float32([2, 4], [1, 2, 2, 2, 0, 0, 0, 0]) },
      ({ x }) => Object.values(topK(x, 2)),
      discrete
    ),
    applied('gradient', { x: normal(4, 5) }, ({ x }) => topK(x, 2).values),
    applied('indices used and given out', { x: normal(4, 5) }, ({ x }) => Object.values(topK(x, 2)), {
      cpuOnly: int64Arithmetic
    })
  ],
  argumentSort: [
    applied('a row', { x: int64([5], [7, 3, 9, 1, 2 ** 30]) }, ({ x }) => argumentSort(x), {
      cpuOnly: int64Arithmetic
    }),
    applied('a row of unknown length', { x: unknown(int64([4], [7, 3, 9, 1])) }, ({ x }) => argumentSort(x), {
      cpuOnly: int64Arithmetic
    })
  ],
  positionsOf: [
    applied('float32, of a row of unknown length', { x: unknown(int32([3], [7, 3, 9])) }, ({ x }) =>
      positionsOf(x, 'float32')
    ),
    applied('a row', { x: int64([4], [7, 3, 9, 1]) }, ({ x }) => add(x, positionsOf(x)), { cpuOnly: int64Arithmetic }),
    applied('a row of unknown length', { x: unknown(int64([4], [7, 3, 9, 1])) }, ({ x }) => positionsOf(x), {
      cpuOnly: int64Arithmetic
    })
  ],
  oneHot: [
    applied('int32', { x: int32([2, 2], [0, 3, 1, 1]) }, ({ x }) => oneHot(x, 4)),
    applied('int64', { x: int64([3], [0, 3, 1]) }, ({ x }) => oneHot(x, 4), { cpuOnly: int64Arithmetic })
  ],
  exclusiveCumulativeSum: [
    applied('columns', { x: normal(4, 3) }, ({ x }) => exclusiveCumulativeSum(x, 0), discrete),
    applied('rows', { x: normal(2, 3) }, ({ x }) => exclusiveCumulativeSum(x, -1), discrete),
    applied('int64', { x: int64([4], [1, 2, 3, 4]) }, ({ x }) => exclusiveCumulativeSum(x, 0), {
      cpuOnly: int64Arithmetic
    })
  ],

  reshape: [
    applied('the rest', { x: normal(2, 6) }, ({ x }) => reshape(x, [3, -1])),
    applied('rows of unknown number', { x: rows(4, 6) }, ({ x }) => reshape(x, [-1, 2, 3])),
    applied('a dimension kept', { x: rows(4, 6) }, ({ x }) => reshape(x, [0, 3, 2])),
    applied('int32', { x: int32([4], [1, 2, 3, 4]) }, ({ x }) => reshape(x, [2, 2])),
    applied('int64', { x: int64([4], [1, 2, 3, 4]) }, ({ x }) => reshape(x, [2, 2]), { cpuOnly: int64Arithmetic })
  ],
  flatten: [applied('a matrix', { x: normal(2, 3) }, ({ x }) => flatten(x))],
  transpose: [applied('three axes', { x: normal(2, 3, 4) }, ({ x }) => transpose(x, [1, 2, 0]))],
  unsqueeze: [
    applied('two axes', { x: normal(2, 3) }, ({ x }) => unsqueeze(x, [0, 2])),
    applied('int32', { x: int32([2], [1, 2]) }, ({ x }) => unsqueeze(x, [0])),
    applied('int64', { x: int64([2], [1, 2]) }, ({ x }) => unsqueeze(x, [0]), { cpuOnly: int64Arithmetic })
  ],
  squeeze: [applied('two axes', { x: normal(1, 3, 1) }, ({ x }) => squeeze(x, [0, -1]))],
  concatenate: [
    applied('columns', { a: normal(2, 3), b: normal(2, 1) }, ({ a, b }) => concatenate([a, b], 1)),
    applied(
      'rows of unknown number',
      { a: rows(2, 3), b: unknown(normal(1, 3), 'others') },
      ({ a, b }) => concatenate([a, b], 0),
      { cpuOnly: int64Arithmetic }
    ),
    applied('an input twice', { x: normal(2, 2) }, ({ x }) => concatenate([x, x], 0)),
    applied('more parts than a shader can read', { x: normal(2, 12) }, ({ x }) =>
      concatenate(
        Array.from({ length: 12 }, (_, i) => slice(x, i, i + 1, 1)),
        0
      )
    ),
    applied('int32', { x: int32([2], [1, 2]) }, ({ x }) => concatenate([x, x], 0)),
    applied('int64', { x: int64([2], [1, 2]) }, ({ x }) => concatenate([x, x], 0), { cpuOnly: int64Arithmetic })
  ],
  stack: [applied('two matrices', { a: normal(2, 3), b: normal(2, 3) }, ({ a, b }) => stack([a, b]))],
  split: [
    applied('columns', { x: normal(2, 6) }, ({ x }) => split(x, [1, 3, 2], 1)),
    applied('more parts than a shader can write', { x: normal(2, 17) }, ({ x }) =>
      split(x, [1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 1], 1)
    ),
    applied('rows, one part unused', { x: normal(4, 2) }, ({ x }) => split(x, [1, 1, 2], 0).slice(1))
  ],
  splitRows: [
    applied('one part empty', { x: normal(4, 2), sizes: int64([3], [3, 0, 1]) }, ({ x, sizes }) => splitRows(x, sizes)),
    applied(
      'each part by its own matrix, one part empty',
      { x: normal(4, 2), sizes: int64([3], [3, 0, 1]), a: normal(2, 3), b: normal(2, 3), c: normal(2, 3) },
      ({ x, sizes, a, b, c }) =>
        concatenate(
          splitRows(x, sizes).map((part, i) => matmul(part, [a, b, c][i] ?? a)),
          0
        ),
      { cpuOnly: int64Arithmetic }
    ),
    applied('rows of unknown number', { x: rows(4, 2), sizes: int64([2], [1, 3]) }, ({ x, sizes }) =>
      splitRows(x, sizes)
    )
  ],
  slice: [
    applied('inner columns', { x: normal(2, 5) }, ({ x }) => slice(x, 1, 3, 1)),
    applied('first rows', { x: normal(4, 2) }, ({ x }) => slice(x, 0, 2, 0)),
    applied('int64', { x: int64([2, 2], [1, 2, 3, 4]) }, ({ x }) => slice(x, 0, 1, 1), { cpuOnly: int64Arithmetic })
  ],
  expandLike: [
    applied('a row', { x: normal(1, 3), like: normal(2, 3) }, ({ x, like }) => expandLike(x, like), {
      sources: ['x']
    }),
    applied('rows of unknown number', { x: normal(1, 3), like: rows(2, 3) }, ({ x, like }) => expandLike(x, like), {
      sources: ['x']
    })
  ],
  zerosOf: [applied('a matrix', { x: normal(2, 3) }, ({ x }) => add(x, zerosOf([2, 3])))],
  zerosLike: [
    applied('a matrix', { x: normal(2, 3) }, ({ x }) => add(x, zerosLike(x))),
    applied('rows of unknown number', { x: rows(2, 3) }, ({ x }) => zerosLike(x), discrete)
  ],
  dimensionOf: [
    applied('a known one', { x: int64([1], [5]), like: normal(2, 3) }, ({ x, like }) => add(x, dimensionOf(like, 1)), {
      ...discrete,
      cpuOnly: int64Arithmetic
    }),
    applied('an unknown one', { x: rows(4, 3) }, ({ x }) => dimensionOf(x, 0), discrete)
  ],
  constantInteger: [
    applied('added', { x: int64([2], [1, 2]) }, ({ x }) => add(x, constantInteger(-3)), { cpuOnly: int64Arithmetic })
  ],
  range: [applied('added', { x: normal(3) }, ({ x }) => add(x, range(3, 'float32')))],

  ifThenElse: [3, 4].map((index) =>
    applied(
      `nested, index ${index}`,
      { x: normal(2, 2), index: int64([1], [index]) },
      ({ x, index: which }) => {
        const outer = capture(x)
        const inner = ifThenElse(
          less(capture(which), constantInteger(4)),
          multiply(capture(outer), 3),
          negate(capture(outer))
        )
        return ifThenElse(less(which, constantInteger(3)), identity(outer), inner)
      },
      { ...discrete, cpuOnly: noKernel }
    )
  )
}
