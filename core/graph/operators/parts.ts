/** Operators that join tensors and cut them into parts. */
import type { Expression } from '../expression'
import { apply, applyAll } from '../expression'
import type { Operator } from '../operator'
import { at, integer, integers } from '../operator'
import type { Shape, TensorType, Values } from '../tensor'
import { elementCount, normaliseAxis, values } from '../tensor'
import { dimensionOf, reshape, unsqueeze, zerosLike, zerosOf } from './shape'

/** Joins tensors along an axis. */
export function concatenate(parts: readonly Expression[], axis: number): Expression {
  const [first] = parts
  if (parts.length === 1 && first) return first
  return apply(concatenateOperator, parts, { axis: normaliseAxis(axis, first?.shape.length ?? 0) })
}

/** Puts tensors of one shape one after the other along a new first axis. */
export function stack(parts: readonly Expression[]): Expression {
  return concatenate(
    parts.map((each) => unsqueeze(each, [0])),
    0
  )
}

/** Cuts a tensor into parts of the given sizes along an axis. */
export function split(x: Expression, sizes: readonly number[], axis: number): readonly Expression[] {
  if (sizes.length === 1) return [x]
  if (sizes.length > maxParts) return splitTwice(x, sizes, axis)
  return applyAll(splitOperator, [x], { sizes, axis: normaliseAxis(axis, x.shape.length) })
}

/** A WebGPU shader has at least 8 buffers: one to read from, and one for each part that it writes. */
const maxParts = 7

function splitTwice(x: Expression, sizes: readonly number[], axis: number): readonly Expression[] {
  const run = Math.ceil(sizes.length / maxParts)
  const runs = Array.from({ length: Math.ceil(sizes.length / run) }, (_, i) => sizes.slice(i * run, (i + 1) * run))
  const wholes = split(
    x,
    runs.map((each) => each.reduce((a, b) => a + b)),
    axis
  )
  return wholes.flatMap((whole, i) => split(whole, at(runs, i), axis))
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

function known(shape: Shape): number[] {
  return shape.map((each) => {
    if (typeof each !== 'number') throw new Error(`dimension '${each}' must be known here`)
    return each
  })
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
    const first = at(inputs, 0)
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
    const x = at(inputs, 0)
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
    const x = at(inputs, 0)
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
