/** Softmax and its logarithm over the last axis. */
import type { Expression } from '../expression'
import { apply } from '../expression'
import type { Operator } from '../operator'
import { at } from '../operator'
import type { Values } from '../tensor'
import { exponential, multiply, subtract } from './elementwise'
import { sum } from './reduce'

/** `exp(x) / sum(exp(x))` over the last axis. */
export const softmax = (x: Expression): Expression => apply(softmaxOperator, [x], { axis: -1 })

/** `x - log(sum(exp(x)))` over the last axis. */
export const logSoftmax = (x: Expression): Expression => apply(logSoftmaxOperator, [x], { axis: -1 })

function normaliser(
  name: string,
  finish: (x: number, logSum: number) => number,
  gradient: (dy: Expression, y: Expression) => Expression
): Operator {
  return {
    name,
    infer: ([x]) => {
      if (x?.type !== 'float32') throw new Error('a float32 input is needed')
      return [{ type: x.type, shape: x.shape }]
    },
    evaluate: (inputs): Values[] => {
      const { type, shape, data: x } = at(inputs, 0)
      const size = shape.at(-1) ?? 1
      const data = new Float64Array(x.length)
      for (let start = 0; start < x.length; start += size) {
        const row = x.subarray(start, start + size)
        const largest = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
        const logSum = largest + Math.log(row.reduce((total, each) => total + Math.exp(each - largest), 0))
        data.set(
          row.map((each) => finish(each, logSum)),
          start
        )
      }
      return [{ type, shape, data }]
    },
    gradient: ({ outputs, outputGradients: [dy] }) => (dy ? [gradient(dy, at(outputs, 0))] : [])
  }
}

const softmaxOperator = normaliser(
  'Softmax',
  (x, logSum) => Math.exp(x - logSum),
  (dy, y) => {
    const weighted = multiply(dy, y)
    return subtract(weighted, multiply(y, sum(weighted, [-1], true)))
  }
)

const logSoftmaxOperator = normaliser(
  'LogSoftmax',
  (x, logSum) => x - logSum,
  (dy, y) => subtract(dy, multiply(exponential(y), sum(dy, [-1], true)))
)
