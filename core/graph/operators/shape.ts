/** Operators that move or rename elements without computing. */
import type { Expression } from '../expression'
import { apply, constant } from '../expression'
import type { Operator } from '../operator'
import { at, integer, integers } from '../operator'
import type { Dimension, ElementType, TensorType } from '../tensor'
import { broadcastShapes, divideDimensions, elementCount, normaliseAxis, stridesOf, values } from '../tensor'
import { add, cast, equal } from './elementwise'

/** Same elements under another shape; one dimension may be -1 (what remains), 0 keeps the input's dimension. */
export function reshape(x: Expression, shape: readonly number[]): Expression {
  return apply(reshapeOperator, [x], { shape })
}

/** All elements in one row; the usual step before joining tensors of different shapes. */
export function flatten(x: Expression): Expression {
  return reshape(x, [-1])
}

/** Axes in another order: axis `i` of the result is axis `order[i]` of the input. */
export function transpose(x: Expression, order: readonly number[]): Expression {
  return apply(transposeOperator, [x], { perm: order })
}

/** Inserts axes of size 1 at these positions of the result. */
export function unsqueeze(x: Expression, axes: readonly number[]): Expression {
  return apply(unsqueezeOperator, [x], { axes })
}

/** Removes axes of size 1. */
export function squeeze(x: Expression, axes: readonly number[]): Expression {
  return apply(squeezeOperator, [x], { axes: axes.map((axis) => normaliseAxis(axis, x.shape.length)) })
}

/** Repeats a tensor along its axes of size 1 until it has the shape of another. */
export function expandLike(x: Expression, like: Expression): Expression {
  if (x.shape.length === like.shape.length && x.shape.every((each, axis) => each === like.shape[axis])) return x
  if (like.shape.every((each) => typeof each === 'number')) {
    return apply(expandOperator, [x], { shape: like.shape as number[] })
  }
  return add(x, zerosLike(like))
}

/** Zeros of a known shape. */
export function zerosOf(shape: readonly number[], type: ElementType = 'float32'): Expression {
  return apply(expandOperator, [constant(values(type, [], [0]))], { shape })
}

/** Zeros of a tensor's shape, also where that is known only at run time. */
export function zerosLike(x: Expression): Expression {
  if (x.shape.every((each) => typeof each === 'number')) return zerosOf(x.shape, x.type)
  const never = equal(x, constant(values('float32', [], [Number.NaN])))
  return cast(never, 'float32')
}

/** The size of an axis as int64 `[1]`, for operators that take a size at run time. */
export function dimensionOf(x: Expression, axis: number): Expression {
  const size = x.shape[axis]
  if (typeof size === 'number') return constant(values('int64', [1], [size]))
  return apply(shapeOperator, [x], { start: axis, end: axis + 1 })
}

/** An int64 scalar. */
export function constantInteger(value: number): Expression {
  return constant(values('int64', [], [value]))
}

/** `[0, 1, ..., count - 1]`. */
export function range(count: number, type: 'float32' | 'int32' | 'int64'): Expression {
  return constant(
    values(
      type,
      [count],
      Array.from({ length: count }, (_, i) => i)
    )
  )
}

function only(inputs: readonly TensorType[]): TensorType {
  return at(inputs, 0)
}

const reshapeOperator: Operator = {
  name: 'Reshape',
  infer(inputs, attributes) {
    const x = only(inputs)
    const wanted = integers(attributes, 'shape').map((each, axis) => (each === 0 ? (x.shape[axis] ?? 0) : each))
    const open = wanted.indexOf(-1)
    if (open < 0) {
      const known = x.shape.every((each) => typeof each === 'number')
      if (known && divideDimensions(x.shape, wanted) !== 1) {
        throw new Error(`shape [${wanted.join(', ')}] has another number of elements`)
      }
      return [{ type: x.type, shape: wanted }]
    }
    const rest = divideDimensions(x.shape, wanted.toSpliced(open, 1))
    return [{ type: x.type, shape: wanted.map((each, axis) => (axis === open ? rest : each)) }]
  },
  evaluate(inputs, attributes) {
    const [{ shape }] = this.infer(inputs, attributes) as [TensorType]
    return [{ ...at(inputs, 0), shape: shape as number[] }]
  },
  gradient: ({ inputs, outputGradients: [dy] }) => (dy ? [reshapeLike(dy, at(inputs, 0))] : []),
  onnx: (attributes) => {
    const shape = integers(attributes, 'shape')
    return { constants: [values('int64', [shape.length], shape)], attributes: {} }
  }
}

/** Reshapes to the shape of a tensor of which at most one dimension is unknown. */
function reshapeLike(x: Expression, like: Expression): Expression {
  const unknown = like.shape.filter((each) => typeof each !== 'number')
  if (unknown.length > 1) throw new Error('a reshape with several unknown dimensions has no gradient here')
  return reshape(
    x,
    like.shape.map((each) => (typeof each === 'number' ? each : -1))
  )
}

const transposeOperator: Operator = {
  name: 'Transpose',
  infer(inputs, attributes) {
    const x = only(inputs)
    const order = integers(attributes, 'perm')
    if (order.toSorted((a, b) => a - b).some((axis, i) => axis !== i) || order.length !== x.shape.length) {
      throw new Error(`[${order.join(', ')}] is no order of ${x.shape.length} axes`)
    }
    return [{ type: x.type, shape: order.map((axis) => at(x.shape, axis)) }]
  },
  evaluate(inputs, attributes) {
    const x = at(inputs, 0)
    const order = integers(attributes, 'perm')
    const shape = order.map((axis) => at(x.shape, axis))
    const from = stridesOf(x.shape)
    const to = stridesOf(shape)
    const data = x.data.map((_, i) => {
      const source = order.reduce(
        (position, axis, place) =>
          position + (Math.floor(i / (to[place] ?? 1)) % (shape[place] ?? 1)) * (from[axis] ?? 0),
        0
      )
      return x.data[source] ?? 0
    })
    return [{ type: x.type, shape, data }]
  },
  gradient: ({ attributes, outputGradients: [dy] }) => {
    if (!dy) return []
    const order = integers(attributes, 'perm')
    return [
      transpose(
        dy,
        order.map((_, axis) => order.indexOf(axis))
      )
    ]
  }
}

function axesForm(attributes: Parameters<typeof integers>[0]) {
  const axes = integers(attributes, 'axes')
  return { constants: [values('int64', [axes.length], axes)], attributes: {} }
}

const unsqueezeOperator: Operator = {
  name: 'Unsqueeze',
  infer(inputs, attributes) {
    const x = only(inputs)
    const axes = integers(attributes, 'axes')
    const shape: Dimension[] = [...x.shape]
    for (const axis of axes.toSorted((a, b) => a - b)) shape.splice(axis, 0, 1)
    return [{ type: x.type, shape }]
  },
  evaluate(inputs, attributes) {
    const [{ shape }] = this.infer(inputs, attributes) as [TensorType]
    return [{ ...at(inputs, 0), shape: shape as number[] }]
  },
  gradient: ({ attributes, outputGradients: [dy] }) => (dy ? [squeeze(dy, integers(attributes, 'axes'))] : []),
  onnx: axesForm
}

const squeezeOperator: Operator = {
  name: 'Squeeze',
  infer(inputs, attributes) {
    const x = only(inputs)
    const axes = integers(attributes, 'axes')
    for (const axis of axes) if (x.shape[axis] !== 1) throw new Error(`axis ${axis} has size ${x.shape[axis]}, not 1`)
    return [{ type: x.type, shape: x.shape.filter((_, axis) => !axes.includes(axis)) }]
  },
  evaluate(inputs, attributes) {
    const [{ shape }] = this.infer(inputs, attributes) as [TensorType]
    return [{ ...at(inputs, 0), shape: shape as number[] }]
  },
  gradient: ({ attributes, outputGradients: [dy] }) => (dy ? [unsqueeze(dy, integers(attributes, 'axes'))] : []),
  onnx: axesForm
}

const expandOperator: Operator = {
  name: 'Expand',
  infer(inputs, attributes) {
    const x = only(inputs)
    return [{ type: x.type, shape: broadcastShapes(x.shape, integers(attributes, 'shape')) }]
  },
  evaluate(inputs, attributes) {
    const x = at(inputs, 0)
    const shape = integers(attributes, 'shape')
    const own = stridesOf(x.shape)
    const strides = stridesOf(shape)
    const offset = shape.length - x.shape.length
    const data = new Float64Array(elementCount(shape)).map((_, i) => {
      const source = x.shape.reduce(
        (position, size, axis) =>
          position + (size === 1 ? 0 : (Math.floor(i / (strides[axis + offset] ?? 1)) % size) * (own[axis] ?? 0)),
        0
      )
      return x.data[source] ?? 0
    })
    return [{ type: x.type, shape, data }]
  },
  gradient: ({ outputGradients }) => outputGradients,
  onnx: (attributes) => {
    const shape = integers(attributes, 'shape')
    return { constants: [values('int64', [shape.length], shape)], attributes: {} }
  }
}

const shapeOperator: Operator = {
  name: 'Shape',
  infer: (_inputs, attributes) => [
    { type: 'int64', shape: [integer(attributes, 'end') - integer(attributes, 'start')] }
  ],
  evaluate: (inputs, attributes) => {
    const shape = at(inputs, 0).shape.slice(integer(attributes, 'start'), integer(attributes, 'end'))
    return [values('int64', [shape.length], shape)]
  }
}
