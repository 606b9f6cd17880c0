/** Matrix products. */
import type { Expression, PackedMatrix } from '../expression'
import { apply, capture } from '../expression'
import type { Operator } from '../operator'
import { at, integer } from '../operator'
import type { Shape, TensorType } from '../tensor'
import { broadcastShapes, elementCount, stridesOf } from '../tensor'
import { packedMatmul } from './packed-matmul'
import { transpose } from './shape'

/** Which operands of a product are transposed (their last two axes) before it. */
export interface Transposed {
  readonly a?: boolean
  readonly b?: boolean
}

/**
 * `a b` over the last two axes, the others broadcast.
 *
 * With a packed matrix `b` the product is computed from its codes. Two matrices become a Gemm, which reads a transposed operand in place; larger ranks transpose first, a pair that
 * ONNX Runtime's CPU backends fuse again.
 */
export function matmul(a: Expression, b: Expression, { a: ta = false, b: tb = false }: Transposed = {}): Expression {
  const packed = ta || tb ? undefined : packedOf(b)
  if (packed) return packedMatmul(a, packed, b.shape)
  if ((ta || tb) && a.shape.length === 2 && b.shape.length === 2) {
    return apply(gemmOperator, [a, b], { transA: Number(ta), transB: Number(tb) })
  }
  return apply(matmulOperator, [ta ? transposeLast(a) : a, tb ? transposeLast(b) : b])
}

/** The codes of a constant matrix, captured as often as it is. */
function packedOf({ node }: Expression): PackedMatrix | undefined {
  if (node.kind === 'constant') return node.packed
  const outer = node.kind === 'capture' ? packedOf(node.captured) : undefined
  return outer && { ...outer, codes: capture(outer.codes), scales: capture(outer.scales), zeros: capture(outer.zeros) }
}

/** Swaps the last two axes. */
export function transposeLast(x: Expression): Expression {
  const rank = x.shape.length
  return transpose(
    x,
    x.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis))
  )
}

function product(a: TensorType, b: TensorType, contracted: [unknown, unknown], shape: Shape): TensorType[] {
  if (a.type !== 'float32' || b.type !== 'float32') throw new Error('both operands must be float32')
  const [left, right] = contracted
  if (left !== right) throw new Error(`inner sizes ${String(left)} and ${String(right)} differ`)
  return [{ type: 'float32', shape }]
}

/** c += a b for one pair of row-major matrices; `ta`, `tb` say that an operand is stored transposed. */
function multiplyInto(
  c: Float64Array,
  a: Float64Array,
  b: Float64Array,
  [m, k, n]: [number, number, number],
  ta: boolean,
  tb: boolean
): void {
  for (let i = 0; i < m; i++) {
    for (let inner = 0; inner < k; inner++) {
      const left = a[ta ? inner * m + i : i * k + inner] ?? 0
      for (let j = 0; j < n; j++)
        c[i * n + j] = (c[i * n + j] ?? 0) + left * (b[tb ? j * k + inner : inner * n + j] ?? 0)
    }
  }
}

const matmulOperator: Operator = {
  name: 'MatMul',
  infer: ([a, b]) => {
    if (!a || !b || a.shape.length < 2 || b.shape.length < 2)
      throw new Error('two operands of rank 2 or more are needed')
    const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2))
    const shape = [...batch, at(a.shape, a.shape.length - 2), at(b.shape, b.shape.length - 1)]
    return product(a, b, [a.shape.at(-1), b.shape.at(-2)], shape)
  },
  evaluate(inputs, attributes) {
    const [a, b] = [at(inputs, 0), at(inputs, 1)]
    const [{ type, shape }] = this.infer(inputs, attributes) as [TensorType]
    const sizes = shape as number[]
    const batch = sizes.slice(0, -2)
    const dimensions: [number, number, number] = [sizes.at(-2) ?? 0, a.shape.at(-1) ?? 0, sizes.at(-1) ?? 0]
    const [m, k, n] = dimensions
    const data = new Float64Array(elementCount(sizes))
    for (let i = 0; i < elementCount(batch); i++) {
      const from = (shapeOf: readonly number[], size: number) => matrixOffset(i, batch, shapeOf.slice(0, -2)) * size
      const left = from(a.shape, m * k)
      const right = from(b.shape, k * n)
      multiplyInto(
        data.subarray(i * m * n, (i + 1) * m * n),
        a.data.subarray(left, left + m * k),
        b.data.subarray(right, right + k * n),
        dimensions,
        false,
        false
      )
    }
    return [{ type, shape: sizes, data }]
  },
  gradient: ({ inputs, outputGradients: [dy] }) => {
    if (!dy) return []
    const [a, b] = [at(inputs, 0), at(inputs, 1)]
    return [matmul(dy, b, { b: true }), matmul(a, dy, { a: true })]
  }
}

/** Index of the matrix that a broadcast operand contributes to the `i`-th matrix of the result. */
function matrixOffset(i: number, batch: readonly number[], own: readonly number[]): number {
  const strides = stridesOf(batch)
  const ownStrides = stridesOf(own)
  const offset = batch.length - own.length
  return own.reduce((position, size, axis) => {
    const coordinate = Math.floor(i / (strides[axis + offset] ?? 1)) % (batch[axis + offset] ?? 1)
    return position + (size === 1 ? 0 : coordinate * (ownStrides[axis] ?? 0))
  }, 0)
}

const gemmOperator: Operator = {
  name: 'Gemm',
  infer: ([a, b], attributes) => {
    if (a?.shape.length !== 2 || b?.shape.length !== 2) throw new Error('two matrices are needed')
    const [m, ka] = integer(attributes, 'transA') ? [a.shape[1], a.shape[0]] : [a.shape[0], a.shape[1]]
    const [kb, n] = integer(attributes, 'transB') ? [b.shape[1], b.shape[0]] : [b.shape[0], b.shape[1]]
    return product(a, b, [ka, kb], [m ?? 0, n ?? 0])
  },
  evaluate(inputs, attributes) {
    const [a, b] = [at(inputs, 0), at(inputs, 1)]
    const [{ type, shape }] = this.infer(inputs, attributes) as [TensorType]
    const [m, n] = shape as [number, number]
    const k = a.data.length / (m || 1)
    const data = new Float64Array(m * n)
    const inner = m === 0 ? 0 : k
    multiplyInto(
      data,
      a.data,
      b.data,
      [m, inner, n],
      integer(attributes, 'transA') === 1,
      integer(attributes, 'transB') === 1
    )
    return [{ type, shape: [m, n], data }]
  },
  gradient: ({ inputs, attributes, outputGradients: [dy] }) => {
    if (!dy) return []
    const [a, b] = [at(inputs, 0), at(inputs, 1)]
    const ta = integer(attributes, 'transA') === 1
    const tb = integer(attributes, 'transB') === 1
    return [
      ta ? matmul(b, dy, { a: tb, b: true }) : matmul(dy, b, { b: !tb }),
      tb ? matmul(dy, a, { a: true, b: ta }) : matmul(a, dy, { a: !ta })
    ]
  }
}
