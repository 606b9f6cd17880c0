/** Operators that choose elements by index. */
import type { Expression } from '../expression'
import { apply, applyAll } from '../expression'
import type { Operator } from '../operator'
import { at, integer } from '../operator'
import type { TensorType, Values } from '../tensor'
import { elementCount, normaliseAxis, stridesOf, values } from '../tensor'
import { cast, equal } from './elementwise'
import { sum } from './reduce'
import { dimensionOf, range, reshape, unsqueeze, zerosLike } from './shape'

/** Parts of `x` along an axis chosen by integer indices of any shape, which takes the place of that axis. */
export function gather(x: Expression, indices: Expression, axis = 0): Expression {
  return apply(gatherOperator, [x, indices], { axis: normaliseAxis(axis, x.shape.length) })
}

/**
 * Rows of `x` in another order or several times, with a gradient that is again a gather: nothing is scattered, so
 * the result does not depend on the order in which threads finish.
 * @param x `[rows, ...]`
 * @param indices int64 `[picked]`
 * @param inverse int64 `[rows, times]`: for each row of `x` the positions in `indices` that name it, each exactly once
 */
export function permuteRows(x: Expression, indices: Expression, inverse: Expression): Expression {
  return apply(permuteRowsOperator, [x, indices, inverse])
}

/** `x[..., indices[...], ...]` along an axis, one index for each element of the result. */
export function gatherElements(x: Expression, indices: Expression, axis: number): Expression {
  return apply(gatherElementsOperator, [x, indices], { axis: normaliseAxis(axis, x.shape.length) })
}

/** A copy of `x` with `updates` written at `indices` along an axis; no position may be named twice. */
export function scatterElements(x: Expression, indices: Expression, updates: Expression, axis: number): Expression {
  return apply(scatterElementsOperator, [x, indices, updates], { axis: normaliseAxis(axis, x.shape.length) })
}

/** The k largest elements of the last axis, largest first, ties to the lower index: float values, int64 indices. */
export function topK(x: Expression, k: number): { readonly values: Expression; readonly indices: Expression } {
  const [largest, indices] = applyAll(topKOperator, [x], { k, largest: 1 })
  return { values: at([largest], 0) as Expression, indices: at([indices], 0) as Expression }
}

/** The order that sorts a row of distinct integers, smallest first: int64 indices `[elements]`. */
export function argumentSort(x: Expression): Expression {
  return at(applyAll(sortOperator, [x, dimensionOf(x, 0)]), 1)
}

/** `[0, 1, 2, ...]` of the length of a row, also where that is known only at run time. */
export function positionsOf(row: Expression, type: 'float32' | 'int64' = 'int64'): Expression {
  const size = row.shape[0]
  if (typeof size === 'number') return range(size, type)
  return exclusiveCumulativeSum(cast(equal(row, row), type), 0)
}

/** Float32 `[..., depth]`: 1 where the last coordinate equals the index, else 0. */
export function oneHot(indices: Expression, depth: number): Expression {
  if (indices.type !== 'int32' && indices.type !== 'int64') throw new Error('one-hot needs integer indices')
  return cast(equal(unsqueeze(indices, [indices.shape.length]), range(depth, indices.type)), 'float32')
}

/** Running sums along an axis, each without its own element. */
export function exclusiveCumulativeSum(x: Expression, axis: number): Expression {
  return apply(cumulativeSumOperator, [x], { axis: normaliseAxis(axis, x.shape.length) })
}

function requireIndices(indices: TensorType | undefined): TensorType {
  if (indices?.type !== 'int64' && indices?.type !== 'int32') throw new Error('indices must be int32 or int64')
  return indices
}

const gatherOperator: Operator = {
  name: 'Gather',
  infer([x, given], attributes) {
    const indices = requireIndices(given)
    if (!x) throw new Error('a tensor is needed')
    const axis = integer(attributes, 'axis')
    return [{ type: x.type, shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)] }]
  },
  evaluate(inputs, attributes) {
    const [x, indices] = [at(inputs, 0), at(inputs, 1)]
    const [{ type, shape }] = this.infer(inputs, attributes) as [TensorType]
    const axis = integer(attributes, 'axis')
    const inner = elementCount(x.shape.slice(axis + 1))
    const size = at(x.shape, axis)
    const outer = elementCount(x.shape.slice(0, axis))
    const data = new Float64Array(elementCount(shape as number[]))
    for (let block = 0; block < outer; block++) {
      indices.data.forEach((index, i) => {
        if (index < -size || index >= size) throw new Error(`Gather: index ${index} is out of range for ${size}`)
        const from = (block * size + (index < 0 ? index + size : index)) * inner
        data.set(x.data.subarray(from, from + inner), (block * indices.data.length + i) * inner)
      })
    }
    return [{ type, shape: shape as number[], data }]
  },
  gradient: ({ inputs, attributes, outputGradients: [dy] }) => {
    if (!dy) return []
    if (integer(attributes, 'axis') !== 0) throw new Error('Gather has a gradient along axis 0 only')
    const [x, indices] = [at(inputs, 0), at(inputs, 1)]
    const places = reshape(indices, [-1, 1])
    const rows = x.shape.slice(1).map((each) => (typeof each === 'number' ? each : -1))
    return [apply(scatterAddOperator, [zerosLike(x), cast(places, 'int64'), reshape(dy, [-1, ...rows])])]
  }
}

/** ScatterND with addition: rows of `updates` added at the rows of `x` that `indices` `[n, 1]` name. */
const scatterAddOperator: Operator = {
  name: 'ScatterND',
  infer: ([x]) => {
    if (!x) throw new Error('a tensor is needed')
    return [{ type: x.type, shape: x.shape }]
  },
  evaluate([x, indices, updates]) {
    if (!x || !indices || !updates) throw new Error('a tensor, indices and updates are needed')
    const inner = elementCount(x.shape.slice(1))
    const data = x.data.slice()
    indices.data.forEach((row, i) => {
      for (let j = 0; j < inner; j++)
        data[row * inner + j] = (data[row * inner + j] ?? 0) + (updates.data[i * inner + j] ?? 0)
    })
    return [{ type: x.type, shape: x.shape, data }]
  },
  gradient: ({ inputs, outputGradients: [dy] }) =>
    dy ? [dy, undefined, gather(dy, reshape(at(inputs, 1), [-1]))] : [],
  onnx: () => ({ attributes: { reduction: 'add' } })
}

const permuteRowsOperator: Operator = {
  name: 'PermuteRows',
  infer: ([x, given, inverse]) => {
    const indices = requireIndices(given)
    if (!x || requireIndices(inverse).shape.length !== 2)
      throw new Error('rows and their inverse [rows, times] are needed')
    return [{ type: x.type, shape: [...indices.shape, ...x.shape.slice(1)] }]
  },
  evaluate: ([x, indices]) => {
    if (!x || !indices) throw new Error('rows and indices are needed')
    return gatherOperator.evaluate([x, indices], { axis: 0 })
  },
  gradient: ({ inputs, outputGradients: [dy] }) => {
    if (!dy) return []
    const [, indices, inverse] = [at(inputs, 0), at(inputs, 1), at(inputs, 2)]
    const rows = reshape(inverse, [-1])
    const times = inverse.shape[1]
    if (times === 1) return [permuteRows(dy, rows, unsqueeze(indices, [1]))]
    return [sum(gather(dy, inverse), [1])]
  },
  onnx: () => ({ type: 'Gather', inputs: 2, attributes: { axis: 0 } })
}

/** Positions in `x` that the elements of `indices` name along an axis. */
function elementPositions(x: Values, indices: Values, axis: number): number[] {
  const own = stridesOf(indices.shape)
  const strides = stridesOf(x.shape)
  const size = at(x.shape, axis)
  return Array.from(indices.data, (index, i) =>
    indices.shape.reduce((position, length, each) => {
      const coordinate = Math.floor(i / (own[each] ?? 1)) % length
      const chosen = index < 0 ? index + size : index
      return position + (each === axis ? chosen : coordinate) * (strides[each] ?? 1)
    }, 0)
  )
}

const gatherElementsOperator: Operator = {
  name: 'GatherElements',
  infer: ([x, given]) => {
    const indices = requireIndices(given)
    if (!x || x.shape.length !== indices.shape.length) throw new Error('indices must have the rank of the data')
    return [{ type: x.type, shape: indices.shape }]
  },
  evaluate: ([x, indices], attributes) => {
    if (!x || !indices) throw new Error('data and indices are needed')
    const positions = elementPositions(x, indices, integer(attributes, 'axis'))
    return [
      values(
        x.type,
        indices.shape,
        positions.map((position) => x.data[position] ?? Number.NaN)
      )
    ]
  },
  gradient: ({ inputs, attributes, outputGradients: [dy] }) => {
    if (!dy) return []
    const x = at(inputs, 0)
    return [scatterElements(zerosLike(x), at(inputs, 1), dy, integer(attributes, 'axis'))]
  }
}

const scatterElementsOperator: Operator = {
  name: 'ScatterElements',
  infer: ([x, indices, updates]) => {
    if (!x || !updates) throw new Error('data and updates are needed')
    if (requireIndices(indices).shape.length !== x.shape.length)
      throw new Error('indices must have the rank of the data')
    return [{ type: x.type, shape: x.shape }]
  },
  evaluate: ([x, indices, updates], attributes) => {
    if (!x || !indices || !updates) throw new Error('data, indices and updates are needed')
    const data = x.data.slice()
    elementPositions(x, indices, integer(attributes, 'axis')).forEach((position, i) => {
      data[position] = updates.data[i] ?? Number.NaN
    })
    return [{ type: x.type, shape: x.shape, data }]
  },
  gradient: ({ inputs, attributes, outputGradients: [dy] }) => {
    if (!dy) return []
    const [, indices, updates] = [at(inputs, 0), at(inputs, 1), at(inputs, 2)]
    const axis = integer(attributes, 'axis')
    return [scatterElements(dy, indices, zerosLike(updates), axis), undefined, gatherElements(dy, indices, axis)]
  }
}

const topKOperator: Operator = {
  name: 'TopK',
  infer: ([x], attributes) => {
    const k = integer(attributes, 'k')
    const size = x?.shape.at(-1)
    if (!x || typeof size !== 'number' || k > size)
      throw new Error(`top-${k} needs at least ${k} elements, got ${size}`)
    const shape = [...x.shape.slice(0, -1), k]
    return [
      { type: x.type, shape },
      { type: 'int64', shape }
    ]
  },
  evaluate(inputs, attributes) {
    const x = at(inputs, 0)
    const k = integer(attributes, 'k')
    const sign = integer(attributes, 'largest') === 1 ? -1 : 1
    const size = x.shape.at(-1) ?? 0
    const shape = [...x.shape.slice(0, -1), k]
    const indices: number[] = []
    for (let start = 0; start < x.data.length; start += size) {
      const row = x.data.subarray(start, start + size)
      const sorted = Array.from(row.keys()).sort((a, b) => sign * ((row[a] ?? 0) - (row[b] ?? 0)) || a - b)
      indices.push(...sorted.slice(0, k))
    }
    const chosen = indices.map((index, i) => x.data[Math.floor(i / k) * size + index] ?? Number.NaN)
    return [values(x.type, shape, chosen), values('int64', shape, indices)]
  },
  gradient: ({ inputs, outputs, outputGradients: [dy] }) => {
    if (!dy) return []
    const x = at(inputs, 0)
    return [scatterElements(zerosLike(x), at(outputs, 1), dy, -1)]
  },
  onnx: (attributes) => ({
    constants: [values('int64', [1], [integer(attributes, 'k')])],
    attributes: { axis: -1, largest: integer(attributes, 'largest'), sorted: 1 }
  })
}

/** TopK of all elements, smallest first; their number is an input because it may be unknown until the graph runs. */
const sortOperator: Operator = {
  name: 'Sort',
  infer: ([x, count]) => {
    if (x?.shape.length !== 1 || count?.type !== 'int64') throw new Error('a row and its int64 length are needed')
    return [
      { type: x.type, shape: x.shape },
      { type: 'int64', shape: x.shape }
    ]
  },
  evaluate: ([x]) => {
    if (!x) throw new Error('a row is needed')
    return topKOperator.evaluate([x], { k: x.data.length, largest: 0 })
  },
  onnx: () => ({ type: 'TopK', attributes: { axis: 0, largest: 0, sorted: 1 } })
}

const cumulativeSumOperator: Operator = {
  name: 'CumSum',
  infer: ([x]) => {
    if (!x) throw new Error('a tensor is needed')
    return [{ type: x.type, shape: x.shape }]
  },
  evaluate(inputs, attributes) {
    const x = at(inputs, 0)
    const axis = integer(attributes, 'axis')
    const stride = stridesOf(x.shape)[axis] ?? 1
    const size = at(x.shape, axis)
    const data = new Float64Array(x.data.length)
    for (let i = 0; i < data.length; i++) {
      const first = Math.floor(i / stride) % size === 0
      data[i] = first ? 0 : (data[i - stride] ?? 0) + (x.data[i - stride] ?? 0)
    }
    return [{ type: x.type, shape: x.shape, data }]
  },
  onnx: (attributes) => ({
    constants: [values('int64', [], [integer(attributes, 'axis')])],
    attributes: { exclusive: 1 }
  })
}
