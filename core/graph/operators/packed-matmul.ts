/** Products with matrices of few bits a weight. */
import type { Expression, PackedMatrix } from '../expression'
import { apply } from '../expression'
import type { Operator } from '../operator'
import { integer } from '../operator'
import type { Shape } from '../tensor'
import { elementCount, values } from '../tensor'

/** `a b` for a packed matrix `b` of this shape `[inputs, outputs]`. Nothing differentiable passes through. */
export function packedMatmul(a: Expression, { bits, block, codes, scales, zeros }: PackedMatrix, shape: Shape) {
  const [inputs, outputs] = shape
  if (typeof inputs !== 'number' || typeof outputs !== 'number') throw new Error('the sizes of a matrix must be known')
  return apply(packedMatmulOperator, [a, codes, scales, zeros], {
    K: inputs,
    N: outputs,
    bits,
    block_size: block
  })
}

/** https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulNBits */
const packedMatmulOperator: Operator = {
  name: 'MatMulNBits',
  infer: ([a, codes, scales, zeros], attributes) => {
    const [inputs, outputs, bits, block] = sizesOf(attributes)
    const blocks = Math.ceil(inputs / block)
    if (a?.type !== 'float32' || a.shape.at(-1) !== inputs) throw new Error(`float32 rows of ${inputs} are needed`)
    const expected = [outputs, blocks, (block * bits) / 8].join()
    if (codes?.type !== 'uint8' || codes.shape.join() !== expected)
      throw new Error(`uint8 codes [${expected}] are needed`)
    if (scales?.shape.join() !== String(outputs * blocks)) throw new Error('a scale for each block is needed')
    if (zeros?.shape.join() !== String(outputs * Math.ceil((blocks * bits) / 8))) {
      throw new Error('a zero point for each block is needed')
    }
    return [{ type: 'float32', shape: [...a.shape.slice(0, -1), outputs] }]
  },
  evaluate: ([a, codes, scales, zeros], attributes) => {
    if (!a || !codes || !scales || !zeros) throw new Error('rows, codes, scales and zero points are needed')
    const [inputs, outputs, bits, block] = sizesOf(attributes)
    const blocks = Math.ceil(inputs / block)
    const zeroBytes = Math.ceil((blocks * bits) / 8)
    const numberAt = (bytes: Float64Array, begin: number, index: number) =>
      ((bytes[begin + ((index * bits) >> 3)] ?? 0) >> ((index * bits) & 7)) & (2 ** bits - 1)
    const shape = [...a.shape.slice(0, -1), outputs]
    const data = Float64Array.from({ length: elementCount(shape) }, (_, i) => {
      const [row, output] = [Math.floor(i / outputs), i % outputs]
      let sum = 0
      for (let input = 0; input < inputs; input++) {
        const index = output * blocks + Math.floor(input / block)
        const code = numberAt(codes.data, (index * block * bits) / 8, input % block)
        const zero = numberAt(zeros.data, output * zeroBytes, index % blocks)
        sum += (a.data[row * inputs + input] ?? 0) * (scales.data[index] ?? 0) * (code - zero)
      }
      return sum
    })
    return [values('float32', shape, data)]
  },
  onnx: (attributes) => ({ domain: 'com.microsoft', attributes })
}

function sizesOf(attributes: Parameters<Operator['evaluate']>[1]): [number, number, number, number] {
  return [
    integer(attributes, 'K'),
    integer(attributes, 'N'),
    integer(attributes, 'bits'),
    integer(attributes, 'block_size')
  ]
}
