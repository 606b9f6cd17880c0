/** Strided views of arrays of numbers: a matrix transposed, some of its columns, one matrix of many. */

/** A list or a table of values inside an array: value `(i, j)` lies at `offset + i * strides[0] + j * strides[1]`. */
export interface View {
  readonly offset: number
  /** `[values]`, or `[rows, columns]`. */
  readonly shape: readonly number[]
  /** Elements from one value to the next along each axis. */
  readonly strides: readonly number[]
}

/** All of a row-major list or table. */
export function whole(shape: readonly number[]): View {
  return { offset: 0, shape, strides: shape.length === 1 ? [1] : [shape[1] ?? 1, 1] }
}

/** The same values with rows as columns. */
export function transposed({ offset, shape, strides }: View): View {
  return { offset, shape: shape.toReversed(), strides: strides.toReversed() }
}

/** So many columns of a table, or values of a list, from the column `first` on. */
export function columns({ offset, shape, strides }: View, first: number, count: number): View {
  return { offset: offset + first * (strides.at(-1) ?? 1), shape: [...shape.slice(0, -1), count], strides }
}

/** True where the values follow each other in memory, row by row. */
function isDense({ shape, strides }: View): boolean {
  return strides.at(-1) === 1 && (shape.length === 1 || strides[0] === shape[1])
}

/** From the first value of some views of one array to the last: so many elements `begin` to `end` (exclusive). */
export function extentOf(views: readonly View[]): { readonly begin: number; readonly end: number } {
  const last = ({ offset, shape, strides }: View) =>
    shape.reduce((at, size, axis) => at + (size - 1) * (strides[axis] ?? 0), offset)
  return { begin: Math.min(...views.map(({ offset }) => offset)), end: Math.max(...views.map(last)) + 1 }
}

/** Copies the values of one view to another of the same shape. */
export function copyView(source: ArrayLike<number>, from: View, target: Float32Array, to: View): void {
  const [rows, count] = from.shape.length === 1 ? [1, from.shape[0] ?? 0] : [from.shape[0] ?? 0, from.shape[1] ?? 0]
  if (source instanceof Float32Array && isDense(from) && isDense(to)) {
    target.set(source.subarray(from.offset, from.offset + rows * count), to.offset)
    return
  }
  const [fromRow, toRow] = [from.strides.at(-2) ?? 0, to.strides.at(-2) ?? 0]
  const [fromColumn, toColumn] = [from.strides.at(-1) ?? 1, to.strides.at(-1) ?? 1]
  for (let row = 0; row < rows; row++) {
    const [begin, own] = [from.offset + row * fromRow, to.offset + row * toRow]
    for (let column = 0; column < count; column++) {
      target[own + column * toColumn] = source[begin + column * fromColumn] ?? 0
    }
  }
}
