/** Operators that move or rename elements without computing. */
import type { Expression } from '../expression'
import { apply, applyAll, constant } from '../expression'
import type { Operator } from '../operator'
import { at, integer, integers } from '../operator'
import type { Dimension, Shape, TensorType, Values } from '../tensor'
import { broadcastShapes, divideDimensions, elementCount, normaliseAxis, stridesOf, values } from '../tensor'
import { add, cast, equal } from './elementwise'
import { sumTo } from './reduce'

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

/** Joins tensors along an axis. */
export function concatenate(parts: readonly Expression[], axis: number): Expression {
  const [first] = parts
  if (parts.length === 1 && first) return first
  return apply(concatenateOperator, parts, { axis: normaliseAxis(axis, first?.shape.length ?? 0) })
}

/** Cuts a tensor into parts of the given sizes along an axis. */
export function split(x: Expression, sizes: readonly number[], axis: number): readonly Expression[] {
  if (sizes.length === 1) return [x]
  return applyAll(splitOperator, [x], { sizes, axis: normaliseAxis(axis, x.shape.length) })
}

/**
 * Cuts the rows of `x` into consecutive parts whose sizes are known only at run time.
 * @param sizes int64 `[parts]`, non-negative, adding up to the rows of `x`; a part may be empty
 */
export function splitRows(x: Expression, sizes: Expression): readonly Expression[] {
  // Every split names its own unknown sizes, so that parts of different splits never look alike.
  const split = splits++
  const names = Array.from({ length: Number(sizes.shape[0]) }, (_, part) => `rows_${split}_${part}`)
  return applyAll(splitRowsOperator, [x, sizes], { names: names.join(' ') })
}

let splits = 0

/** Elements `start` to `end` (exclusive) along an axis. */
export function slice(x: Expression, start: number, end: number, axis: number): Expression {
  return apply(sliceOperator, [x], { start, end, axis: normaliseAxis(axis, x.shape.length) })
}

/** Repeats a tensor along its axes of size 1 until it has the shape of another. */
export function expandLike(x: Expression, like: Expression): Expression {
  if (x.shape.length === like.shape.length && x.shape.every((each, axis) => each === like.shape[axis])) return x
  if (like.shape.every((each) => typeof each === 'number')) {
    return apply(expandOperator, [x], { shape: like.shape as number[] })
  }
  return add(x, zerosLike(like))
}

/** Zeros of a tensor's shape, also where that is known only at run time. */
export function zerosLike(x: Expression): Expression {
  if (x.shape.every((each) => typeof each === 'number')) {
    const shape = x.shape as number[]
    return apply(expandOperator, [constant(values(x.type, [], [0]))], { shape })
  }
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

function known(shape: Shape): number[] {
  return shape.map((each) => {
    if (typeof each !== 'number') throw new Error(`dimension '${each}' must be known here`)
    return each
  })
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

/** Runs of consecutive elements on either side of an axis: `outer` blocks of `size` times `inner` elements. */
function blocks(shape: readonly number[], axis: number): { outer: number; inner: number; size: number } {
  return {
    outer: elementCount(shape.slice(0, axis)),
    inner: elementCount(shape.slice(axis + 1)),
    size: at(shape, axis)
  }
}

/** The part of a tensor from `start`, `size` long, along an axis. */
function part(x: Values, start: number, size: number, axis: number): Values {
  const { outer, inner, size: whole } = blocks(x.shape, axis)
  const data = new Float64Array(outer * size * inner)
  for (let block = 0; block < outer; block++) {
    const from = (block * whole + start) * inner
    data.set(x.data.subarray(from, from + size * inner), block * size * inner)
  }
  return { type: x.type, shape: x.shape.map((each, i) => (i === axis ? size : each)), data }
}

const concatenateOperator: Operator = {
  name: 'Concat',
  infer(inputs, attributes) {
    const axis = integer(attributes, 'axis')
    const first = only(inputs)
    for (const each of inputs) {
      const fits = each.shape.length === first.shape.length && each.type === first.type
      if (!fits || each.shape.some((size, i) => i !== axis && size !== first.shape[i])) {
        throw new Error('all parts must agree in type and in every other axis')
      }
    }
    const sizes = inputs.map((each) => at(each.shape, axis))
    const joined = sizes.every((each) => typeof each === 'number') ? sizes.reduce((a, b) => a + b, 0) : sizes.join('+')
    return [{ type: first.type, shape: first.shape.map((each, i) => (i === axis ? joined : each)) }]
  },
  evaluate(inputs, attributes) {
    const axis = integer(attributes, 'axis')
    const [{ type, shape }] = this.infer(inputs, attributes) as [TensorType]
    const { outer, inner, size } = blocks(shape as number[], axis)
    const data = new Float64Array(outer * size * inner)
    let start = 0
    for (const each of inputs) {
      const run = at(each.shape, axis) * inner
      for (let block = 0; block < outer; block++) {
        data.set(each.data.subarray(block * run, (block + 1) * run), block * size * inner + start)
      }
      start += run
    }
    return [{ type, shape: shape as number[], data }]
  },
  gradient: ({ inputs, attributes, outputGradients: [dy] }) => {
    if (!dy) return []
    const axis = integer(attributes, 'axis')
    const sizes = inputs.map((each) => at(each.shape, axis))
    if (axis > 0 || sizes.every((each) => typeof each === 'number')) return split(dy, known(sizes), axis)
    const counts = concatenate(
      inputs.map((each) => dimensionOf(each, 0)),
      0
    )
    return applyAll(splitRowsOperator, [dy, counts], { names: sizes.join(' ') })
  }
}

const splitOperator: Operator = {
  name: 'Split',
  infer(inputs, attributes) {
    const x = only(inputs)
    const sizes = integers(attributes, 'sizes')
    const axis = integer(attributes, 'axis')
    const whole = sizes.reduce((a, b) => a + b, 0)
    if (x.shape[axis] !== whole) throw new Error(`parts of ${whole} in all do not fit axis ${axis} of ${x.shape[axis]}`)
    return sizes.map((size) => ({ type: x.type, shape: x.shape.map((each, i) => (i === axis ? size : each)) }))
  },
  evaluate(inputs, attributes) {
    const axis = integer(attributes, 'axis')
    let start = 0
    return integers(attributes, 'sizes').map((size) => {
      start += size
      return part(at(inputs, 0), start - size, size, axis)
    })
  },
  gradient: ({ outputs, attributes, outputGradients }) => {
    const gradients = outputGradients.map((dy, i) => dy ?? zerosLike(at(outputs, i)))
    return [concatenate(gradients, integer(attributes, 'axis'))]
  },
  onnx: (attributes) => {
    const sizes = integers(attributes, 'sizes')
    return { constants: [values('int64', [sizes.length], sizes)], attributes: { axis: integer(attributes, 'axis') } }
  }
}

const splitRowsOperator: Operator = {
  name: 'SplitRows',
  infer([x, sizes], { names }) {
    if (!x || sizes?.type !== 'int64' || typeof names !== 'string')
      throw new Error('a tensor and int64 sizes are needed')
    return names.split(' ').map((name) => ({ type: x.type, shape: [name, ...x.shape.slice(1)] }))
  },
  evaluate([x, sizes]) {
    if (!x || !sizes) throw new Error('a tensor and sizes are needed')
    let start = 0
    return Array.from(sizes.data, (size) => {
      start += size
      return part(x, start - size, size, 0)
    })
  },
  gradient: ({ inputs, outputs, outputGradients }) => {
    const joined = concatenate(
      outputGradients.map((dy, i) => dy ?? zerosLike(at(outputs, i))),
      0
    )
    const rows = at(inputs, 0).shape
    return [rows.every((each) => typeof each === 'number') ? reshape(joined, known(rows)) : joined]
  },
  onnx: () => ({ type: 'Split', attributes: { axis: 0 } })
}

const sliceOperator: Operator = {
  name: 'Slice',
  infer(inputs, attributes) {
    const x = only(inputs)
    const [start, end, axis] = ['start', 'end', 'axis'].map((name) => integer(attributes, name)) as [
      number,
      number,
      number
    ]
    const size = x.shape[axis]
    if (start < 0 || end < start || (typeof size === 'number' && end > size)) {
      throw new Error(`${start} to ${end} is no part of axis ${axis} of ${size}`)
    }
    return [{ type: x.type, shape: x.shape.map((each, i) => (i === axis ? end - start : each)) }]
  },
  evaluate(inputs, attributes) {
    const start = integer(attributes, 'start')
    return [part(at(inputs, 0), start, integer(attributes, 'end') - start, integer(attributes, 'axis'))]
  },
  gradient: ({ inputs, attributes, outputGradients: [dy] }) => {
    if (!dy) return []
    const x = at(inputs, 0)
    const axis = integer(attributes, 'axis')
    const whole = at(known(x.shape), axis)
    const gap = (size: number) => zerosOf(known(x.shape).map((each, i) => (i === axis ? size : each)))
    const [before, after] = [integer(attributes, 'start'), whole - integer(attributes, 'end')]
    return [concatenate([...(before > 0 ? [gap(before)] : []), dy, ...(after > 0 ? [gap(after)] : [])], axis)]
  },
  onnx: (attributes) => ({
    constants: ['start', 'end', 'axis'].map((name) => values('int64', [1], [integer(attributes, name)])),
    attributes: {}
  })
}

function zerosOf(shape: readonly number[]): Expression {
  return apply(expandOperator, [constant(values('float32', [], [0]))], { shape })
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
  gradient: ({ inputs, outputGradients: [dy] }) => (dy ? [sumTo(dy, at(inputs, 0).shape)] : []),
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
