import { logSoftmax, softmax } from '../index'
import type { CasesOf } from './case'
import { applied, float32, normal, rows } from './case'

/** Cases of `operators/softmax.ts`. */
export const softmaxCases: CasesOf<typeof import('../softmax')> = {
  softmax: [
    applied('rows', { x: normal(3, 5) }, ({ x }) => softmax(x)),
    applied('a row that hides some', { x: float32([1, 3], [0.5, -1e9, 1]) }, ({ x }) => softmax(x))
  ],
  logSoftmax: [
    applied('rows', { x: normal(3, 5) }, ({ x }) => logSoftmax(x)),
    applied('large values', { x: float32([2, 3], [300, 301, 299, -300, -299, -301]) }, ({ x }) => logSoftmax(x)),
    applied('rows of unknown number', { x: rows(4, 3) }, ({ x }) => logSoftmax(x))
  ]
}
