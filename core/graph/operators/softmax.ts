/** Softmax and its logarithm over the last axis. */
import type { Expression } from '../expression'
import { apply } from '../expression'
import type { Operator } from '../operator'
import { at } from '../operator'
import { exponential, logarithm, multiply, stopGradient, subtract } from './elementwise'
import { largest, sum } from './reduce'

/** `exp(x) / sum(exp(x))` over the last axis. */
export function softmax(x: Expression): Expression {
  return apply(softmaxOperator, [x], { axis: -1 })
}

/**
 * `x - log(sum(exp(x)))` over the last axis. Composed, because WebGPU has no kernel for it; the shift by the largest
 * element cancels, so its gradient is 0.
 */
export function logSoftmax(x: Expression): Expression {
  const shifted = subtract(x, stopGradient(largest(x, [-1], true)))
  return subtract(shifted, logarithm(sum(exponential(shifted), [-1], true)))
}

const softmaxOperator: Operator = {
  name: 'Softmax',
  infer: ([x]) => {
    if (x?.type !== 'float32') throw new Error('a float32 input is needed')
    return [{ type: x.type, shape: x.shape }]
  },
  evaluate: (inputs) => {
    const { type, shape, data: x } = at(inputs, 0)
    const size = shape.at(-1) ?? 1
    const data = new Float64Array(x.length)
    for (let start = 0; start < x.length; start += size) {
      const row = x.subarray(start, start + size)
      const most = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
      const powers = row.map((each) => Math.exp(each - most))
      const sum = powers.reduce((a, b) => a + b, 0)
      data.set(
        powers.map((each) => each / sum),
        start
      )
    }
    return [{ type, shape, data }]
  },
  gradient: ({ outputs, outputGradients: [dy] }) => {
    if (!dy) return []
    const y = at(outputs, 0)
    const weighted = multiply(dy, y)
    return [subtract(weighted, multiply(y, sum(weighted, [-1], true)))]
  }
}
