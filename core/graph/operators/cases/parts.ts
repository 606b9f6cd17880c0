import { concatenate, matmul, slice, split, splitRows, stack } from '../index'
import type { CasesOf } from './case'
import { applied, int32, int64, int64Arithmetic, normal, rows, unknown } from './case'

/** Cases of `operators/parts.ts`. */
export const partsCases: CasesOf<typeof import('../parts')> = {
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
  ]
}
