import { packRows } from '../formats/packed-integers'
import { bytes, type PackedMatrix, weight } from '../graph/expression'
import { codeOf, type MatrixGrid, scaleAt } from '../tensors/grid'

/**
 * A parameter `[inputs, outputs]` as codes; undefined where no kernel computes from them, which is so unless they have 4 or
 * 8 bits and the block is a power of 2.
 * @param values that are on the grid
 */
export function packedMatrix(
  name: string,
  values: Float32Array,
  [inputs = 0, outputs = 0]: readonly number[],
  grid: MatrixGrid
): PackedMatrix | undefined {
  const { bits, block, scales, zeros } = grid
  if ((bits !== 4 && bits !== 8) || block < 16 || !Number.isInteger(Math.log2(block))) return undefined
  const blocks = Math.ceil(inputs / block)
  const codes = new Uint8Array(outputs * blocks * block)
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      const scale = scaleAt(grid, output * blocks + Math.floor(input / block))
      codes[output * blocks * block + input] = codeOf(values[input * outputs + output] ?? Number.NaN, scale, grid)
    }
  }
  const packedZeros = packRows(zeros, [outputs, blocks], bits, 8)
  return {
    bits,
    block,
    codes: bytes(`${name}.codes`, [outputs, blocks, (block * bits) / 8], packRows(codes, [1, codes.length], bits, 8)),
    scales: weight(`${name}.scales`, [scales.length], scales),
    zeros: bytes(`${name}.zeros`, [packedZeros.length], packedZeros)
  }
}
