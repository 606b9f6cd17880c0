/** Uniform quantisation: each block of a row's inputs has a scale and, unless symmetric, a zero point. */
import { roundedToHalf } from '../formats/half-precision'

export interface Grid {
  /** Of a code. */
  readonly bits: number
  /** Consecutive inputs of an output that share a scale. */
  readonly block: number
  /** The zero point is the middle of the codes and is not stored. */
  readonly symmetric: boolean
}

/** The values of a block: code `q` from 0 to `2^bits - 1` stands for `scale (q - zero)`. */
export interface BlockScale {
  /** In half precision, as it is stored. */
  readonly scale: number
  /** A code, so that 0 is always on the grid. */
  readonly zero: number
}

/** A matrix whose weights were rounded to grids, with a scale and a zero point for each block. */
export interface MatrixGrid extends Grid {
  /** `[outputs, ceil(inputs / block)]` */
  readonly scales: Float32Array
  /** `[outputs, ceil(inputs / block)]`; of a symmetric grid the middle of the codes. */
  readonly zeros: Uint8Array
}

/** The scale of block `index`, counted over all outputs. */
export function scaleAt({ scales, zeros }: MatrixGrid, index: number): BlockScale {
  return { scale: scales[index] ?? Number.NaN, zero: zeros[index] ?? Number.NaN }
}

/** The grids of some outputs, in this order. */
export function gridOfOutputs(grid: MatrixGrid, inputs: number, outputs: readonly number[]): MatrixGrid {
  const blocks = Math.ceil(inputs / grid.block)
  const [scales, zeros] = [new Float32Array(outputs.length * blocks), new Uint8Array(outputs.length * blocks)]
  for (const [i, output] of outputs.entries()) {
    scales.set(grid.scales.subarray(output * blocks, (output + 1) * blocks), i * blocks)
    zeros.set(grid.zeros.subarray(output * blocks, (output + 1) * blocks), i * blocks)
  }
  return { ...grid, scales, zeros }
}

/**
 * The scale of a block: `(max - min) / (2^bits - 1)` over its values and 0, where a symmetric one takes the largest
 * magnitude for both ends (Frantar et al. 2022, arXiv 2210.17323; the grid is theirs).
 */
export function blockScale(values: Iterable<number>, { bits, symmetric }: Grid): BlockScale {
  let [min, max] = [0, 0]
  for (const value of values) [min, max] = [Math.min(min, value), Math.max(max, value)]
  const largest = Math.max(-min, max)
  const [low, high] = symmetric ? [-largest, largest] : [min, max]
  const steps = 2 ** bits - 1
  // Half precision has no scale below 2^-24: a block that small is 0.
  const scale = roundedToHalf((high - low) / steps)
  const zero = symmetric ? 2 ** (bits - 1) : scale === 0 ? 0 : Math.min(steps, Math.round(-low / scale))
  return { scale, zero }
}

/** The code of the grid's value nearest to a number. */
export function codeOf(value: number, { scale, zero }: BlockScale, { bits }: Pick<Grid, 'bits'>): number {
  if (scale === 0) return zero
  return Math.min(2 ** bits - 1, Math.max(0, Math.round(value / scale) + zero))
}

/** The value that a code stands for. */
export function valueOf(code: number, { scale, zero }: BlockScale): number {
  return scale * (code - zero)
}
