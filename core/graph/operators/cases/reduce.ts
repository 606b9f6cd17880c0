import { largest, logSumExp, mean, sum, sumTo } from '../index'
import type { CasesOf } from './case'
import { applied, discrete, float32, int64, int64Arithmetic, normal, rows } from './case'

/** Cases of `operators/reduce.ts`. */
export const reduceCases: CasesOf<typeof import('../reduce')> = {
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
  ]
}
