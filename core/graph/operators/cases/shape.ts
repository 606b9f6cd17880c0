import {
  add,
  constantInteger,
  dimensionOf,
  expandLike,
  flatten,
  range,
  reshape,
  squeeze,
  transpose,
  unsqueeze,
  zerosLike,
  zerosOf
} from '../index'
import type { CasesOf } from './case'
import { applied, discrete, int32, int64, int64Arithmetic, normal, rows } from './case'

/** Cases of `operators/shape.ts`. */
export const shapeCases: CasesOf<typeof import('../shape')> = {
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
  range: [applied('added', { x: normal(3) }, ({ x }) => add(x, range(3, 'float32')))]
}
