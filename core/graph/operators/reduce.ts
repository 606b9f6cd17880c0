/** Sums, means and largest values over axes. */
import type { Expression } from '../expression'
import { apply } from '../expression'
import type { GradientSite, Operator } from '../operator'
import { at, integer, integers } from '../operator'
import type { Dimension, Shape, TensorType, Values } from '../tensor'
import { elementCount, normaliseAxis, stridesOf, values } from '../tensor'
import { add, exponential, logarithm, multiply, stopGradient, subtract } from './elementwise'
import { expandLike, squeeze, unsqueeze } from './shape'

/** Sum over the given axes (all by default); kept as size 1 with `keep`. */
export function sum(x: Expression, axes: readonly number[] = allAxes(x), keep = false): Expression {
  return apply(sumOperator, [x], { axes: canonical(axes, x), keepdims: Number(keep) })
}

/** Mean over the given axes (all by default). */
export function mean(x: Expression, axes: readonly number[] = allAxes(x), keep = false): Expression {
  return apply(meanOperator, [x], { axes: canonical(axes, x), keepdims: Number(keep) })
}

/** Largest element over the given axes (all by default). It has no gradient. */
export function largest(x: Expression, axes: readonly number[] = allAxes(x), keep = false): Expression {
  return apply(largestOperator, [x], { axes: canonical(axes, x), keepdims: Number(keep) })
}

/**
 * `log(sum(exp(x)))` over the given axes, shifted by the largest element so that nothing overflows: WebGPU's own kernel
 * does beyond 88. The shift cancels, so its gradient is 0.
 */
export function logSumExp(x: Expression, axes: readonly number[], keep = false): Expression {
  const shift = stopGradient(largest(x, axes, true))
  const logSum = add(shift, logarithm(sum(exponential(subtract(x, shift)), axes, true)))
  return keep ? logSum : squeeze(logSum, axes)
}

/** Sums a broadcast tensor back to the shape it was broadcast from. */
export function sumTo(x: Expression, shape: Shape): Expression {
  const extra = x.shape.length - shape.length
  const leading = Array.from({ length: extra }, (_, axis) => axis)
  const summed = leading.length > 0 ? sum(x, leading) : x
  const stretched = shape.flatMap((dimension, axis) => (dimension === 1 && summed.shape[axis] !== 1 ? [axis] : []))
  return stretched.length > 0 ? sum(summed, stretched, true) : summed
}

function allAxes(x: Expression): number[] {
  return x.shape.map((_, axis) => axis)
}

function canonical(axes: readonly number[], x: Expression): number[] {
  return axes.map((axis) => normaliseAxis(axis, x.shape.length)).sort((a, b) => a - b)
}

function reduction(
  name: string,
  reduce: (elements: readonly number[]) => number,
  gradient?: (dy: Expression, x: Expression, axes: readonly number[]) => Expression
): Operator {
  return {
    name,
    infer: ([x], attributes): TensorType[] => {
      if (!x) throw new Error('one input is needed')
      const axes = integers(attributes, 'axes')
      const keep = integer(attributes, 'keepdims') === 1
      const shape = x.shape.flatMap<Dimension>((dimension, axis) =>
        axes.includes(axis) ? (keep ? [1] : []) : [dimension]
      )
      return [{ type: x.type, shape }]
    },
    evaluate(inputs, attributes) {
      const x = at(inputs, 0)
      const [{ type, shape }] = this.infer(inputs, attributes) as [TensorType]
      const groups = groupedBy(x, integers(attributes, 'axes'))
      return [values(type, shape as number[], groups.map(reduce))]
    },
    ...(gradient && {
      gradient: ({ inputs, attributes, outputGradients: [dy] }: GradientSite) => {
        if (!dy) return []
        const axes = integers(attributes, 'axes')
        const kept = integer(attributes, 'keepdims') === 1 ? dy : restoreAxes(dy, axes)
        return [gradient(kept, at(inputs, 0), axes)]
      }
    }),
    onnx: (attributes) => {
      const axes = integers(attributes, 'axes')
      return {
        constants: [values('int64', [axes.length], axes)],
        attributes: { keepdims: integer(attributes, 'keepdims') }
      }
    }
  }
}

function restoreAxes(x: Expression, axes: readonly number[]): Expression {
  return axes.length > 0 ? unsqueeze(x, axes) : x
}

/** Elements that share the coordinates of the axes that stay, in row-major order of those. */
function groupedBy(x: Values, axes: readonly number[]): number[][] {
  const strides = stridesOf(x.shape)
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis))
  const keptShape = kept.map((axis) => x.shape[axis] ?? 1)
  const keptStrides = stridesOf(keptShape)
  const groups = Array.from({ length: elementCount(keptShape) }, (): number[] => [])
  for (let i = 0; i < x.data.length; i++) {
    const group = kept.reduce(
      (position, axis, order) =>
        position + (Math.floor(i / (strides[axis] ?? 1)) % (x.shape[axis] ?? 1)) * (keptStrides[order] ?? 1),
      0
    )
    groups[group]?.push(x.data[i] ?? 0)
  }
  return groups
}

const total = (elements: readonly number[]): number => elements.reduce((all, each) => all + each, 0)

const sumOperator = reduction('ReduceSum', total, (dy, x) => expandLike(dy, x))

const meanOperator = reduction(
  'ReduceMean',
  (elements) => total(elements) / elements.length,
  (dy, x, axes) => {
    const count = axes.reduce((product, axis) => {
      const dimension = x.shape[axis]
      if (typeof dimension !== 'number') throw new Error('the mean over an axis of unknown size has no gradient here')
      return product * dimension
    }, 1)
    return expandLike(multiply(dy, 1 / count), x)
  }
)

const largestOperator = reduction('ReduceMax', (elements) => elements.reduce((a, b) => Math.max(a, b)))
