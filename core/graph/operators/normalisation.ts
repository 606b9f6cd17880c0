/** RMSNorm. */
import type { Expression } from '../expression'
import { apply } from '../expression'
import type { Operator } from '../operator'
import { at, float } from '../operator'
import { values } from '../tensor'
import { add, divide, multiply, squareRoot, subtract } from './elementwise'
import { mean, sum } from './reduce'

/**
 * `x / sqrt(mean(x^2) + epsilon) * scale` over the last axis (Zhang and Sennrich 2019, "Root Mean Square Layer
 * Normalization").
 */
export function rmsNorm(x: Expression, scale: Expression, epsilon: number): Expression {
  return apply(rmsNormOperator, [x, scale], { epsilon: { float: epsilon } })
}

const rmsNormOperator: Operator = {
  name: 'RMSNorm',
  infer: ([x, scale]) => {
    if (!x || scale?.shape.length !== 1 || scale.shape[0] !== x.shape.at(-1)) {
      throw new Error('a tensor and one scale for each element of its last axis are needed')
    }
    return [{ type: x.type, shape: x.shape }]
  },
  evaluate: ([x, scale], attributes) => {
    if (!x || !scale) throw new Error('a tensor and scales are needed')
    const size = scale.data.length
    const data = x.data.map((value, i) => {
      const start = i - (i % size)
      let squares = 0
      for (let j = start; j < start + size; j++) squares += (x.data[j] ?? 0) ** 2
      return (value / Math.sqrt(squares / size + float(attributes, 'epsilon'))) * (scale.data[i % size] ?? 0)
    })
    return [values(x.type, x.shape, data)]
  },
  gradient: ({ inputs, attributes, outputGradients: [dy] }) => {
    if (!dy) return []
    const [x, scale] = [at(inputs, 0), at(inputs, 1)]
    const root = squareRoot(add(mean(multiply(x, x), [-1], true), float(attributes, 'epsilon')))
    const unit = divide(x, root)
    const leading = x.shape.slice(0, -1).map((_, axis) => axis)
    const scaled = multiply(dy, scale)
    const along = multiply(unit, mean(multiply(scaled, unit), [-1], true))
    return [divide(subtract(scaled, along), root), sum(multiply(dy, unit), leading)]
  },
  // ONNX Runtime's fused kernel, on all its backends; the standard RMSNormalization is newer than some of them.
  onnx: (attributes) => ({
    type: 'SimplifiedLayerNormalization',
    attributes: { axis: -1, epsilon: { float: float(attributes, 'epsilon') } }
  })
}
