/** Element types that Moescope's graphs use, by their ONNX names. */
export type ElementType = 'float32' | 'int32' | 'int64' | 'bool' | 'uint8'

/** A dimension: a number, or a name for one that is known only when the graph runs. */
export type Dimension = number | string

export type Shape = readonly Dimension[]

/** Type and shape of a tensor that is not computed yet. */
export interface TensorType {
  readonly type: ElementType
  readonly shape: Shape
}

/**
 * A tensor of the reference evaluator and of constants. Every element, of whatever type, is a float64: integers are
 * exact up to 2^53 and booleans are 0 or 1, so one representation serves as the oracle for all backends.
 */
export interface Values {
  readonly type: ElementType
  readonly shape: readonly number[]
  readonly data: Float64Array
}

/** Number of elements of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1)
}

/**
 * Quotient of two products of dimensions: `[tokens, 4] / [2]` is `tokens*2`. Throws when
 * they do not divide.
 */
export function divideDimensions(dividend: Shape, divisor: Shape): Dimension {
  const [above, below] = [dividend, divisor].map(factors) as [Factors, Factors]
  const names = [...above.names]
  for (const name of below.names) {
    const place = names.indexOf(name)
    if (place < 0) throw new Error(`[${dividend.join(', ')}] cannot be divided by [${divisor.join(', ')}]`)
    names.splice(place, 1)
  }
  const coefficient = below.coefficient === 0 ? 0 : above.coefficient / below.coefficient
  if (!Number.isInteger(coefficient)) {
    throw new Error(`[${dividend.join(', ')}] cannot be divided by [${divisor.join(', ')}]`)
  }
  if (names.length === 0) return coefficient
  return [...names.sort(), ...(coefficient === 1 ? [] : [coefficient])].join('*')
}

interface Factors {
  readonly names: readonly string[]
  readonly coefficient: number
}

function factors(shape: Shape): Factors {
  const all = shape.flatMap((each) => (typeof each === 'number' ? [String(each)] : each.split('*')))
  const isNumber = (each: string) => /^\d+$/.test(each)
  return {
    names: all.filter((each) => !isNumber(each)),
    coefficient: all.filter(isNumber).reduce((product, each) => product * Number(each), 1)
  }
}

/** Row-major strides of a shape, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1)
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1)
  }
  return strides
}

/** Values of a type and shape; throws when the number of elements contradicts the shape. */
export function values(type: ElementType, shape: readonly number[], data: ArrayLike<number>): Values {
  if (data.length !== elementCount(shape)) {
    throw new Error(`a tensor of shape [${shape.join(', ')}] needs ${elementCount(shape)} values, got ${data.length}`)
  }
  return { type, shape, data: Float64Array.from(data) }
}

/** An axis counted from the front: `-1` of rank 3 is 2. Throws when it is out of range. */
export function normaliseAxis(axis: number, rank: number): number {
  const found = axis < 0 ? axis + rank : axis
  if (found < 0 || found >= rank) throw new Error(`axis ${axis} does not exist in a tensor of rank ${rank}`)
  return found
}

/** The common shape of two tensors under numpy broadcasting; throws when there is none. */
export function broadcastShapes(left: Shape, right: Shape): Dimension[] {
  const rank = Math.max(left.length, right.length)
  return Array.from({ length: rank }, (_, axis) => {
    const a = left[axis - rank + left.length] ?? 1
    const b = right[axis - rank + right.length] ?? 1
    if (a === b || b === 1) return a
    if (a === 1) return b
    throw new Error(`shapes [${left.join(', ')}] and [${right.join(', ')}] cannot be broadcast together`)
  })
}
