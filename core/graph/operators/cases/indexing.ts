import { gradients } from '../../gradient'
import {
  add,
  argumentSort,
  exclusiveCumulativeSum,
  gather,
  gatherElements,
  multiply,
  oneHot,
  permuteRows,
  positionsOf,
  scatterElements,
  sum,
  topK
} from '../index'
import type { CasesOf } from './case'
import { applied, discrete, float32, int32, int64, int64Arithmetic, normal, rows, unknown } from './case'

/** Cases of `operators/indexing.ts`. */
export const indexingCases: CasesOf<typeof import('../indexing')> = {
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
  ]
}
