import { bytes, type PackedMatrix, weight } from '../../expression'
import { packedMatmul } from '../index'
import type { CasesOf } from './case'
import { applied, discrete, normal, rows } from './case'

/** Any codes, scales and zero points. */
function packed(bits: number, block: number, inputs: number, outputs: number): PackedMatrix {
  const blocks = Math.ceil(inputs / block)
  const drawn = (shape: number[], begin: number) => {
    const data = Uint8Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => (begin + 37 * i) & 255)
    return bytes(`bytes_${begin}`, shape, data)
  }
  return {
    bits,
    block,
    codes: drawn([outputs, blocks, (block * bits) / 8], 11),
    scales: weight('scales', [outputs * blocks], Float32Array.from(normal(outputs * blocks).data)),
    zeros: drawn([outputs * Math.ceil((blocks * bits) / 8)], 5)
  }
}

/** Cases of `operators/packed-matmul.ts`. */
export const packedMatmulCases: CasesOf<typeof import('../packed-matmul')> = {
  packedMatmul: [4, 8].flatMap((bits) => [
    applied(
      `${bits} bits, one row`,
      { a: normal(1, 64) },
      ({ a }) => packedMatmul(a, packed(bits, 32, 64, 24), [64, 24]),
      discrete
    ),
    applied(
      `${bits} bits, the last block is short`,
      { a: rows(3, 88) },
      ({ a }) => packedMatmul(a, packed(bits, 32, 88, 16), [88, 16]),
      discrete
    ),
    applied(
      `${bits} bits, blocks of 16`,
      { a: normal(2, 48) },
      ({ a }) => packedMatmul(a, packed(bits, 16, 48, 5), [48, 5]),
      discrete
    )
  ])
}
