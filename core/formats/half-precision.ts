/** Weights in half precision: two bytes each instead of four (IEEE 754-2008 binary16, `F16` in safetensors). */
import { FormatError } from './format-error'
import { float32Of, readSafetensors, type StoredTensor, storedTensor, writeSafetensors } from './safetensors'

/** A safetensors file whose tensors of floats are in half precision. Throws as `halfTensor`. */
export function inHalfPrecision(file: Uint8Array): Uint8Array {
  const { metadata, tensors } = readSafetensors(file)
  return writeSafetensors(
    [...tensors].map(([name, tensor]) => [name, halfTensor(tensor, name)] as const),
    metadata
  )
}

/**
 * A tensor of floats in half precision, each value rounded to the nearest, ties to even (IEEE 754-2008 binary16). Throws
 * `FormatError` for a value that half precision has no room for, from 65520 on.
 */
export function halfTensor(tensor: StoredTensor, name = '(unnamed)'): StoredTensor {
  const floats = float32Of(tensor, name)
  const halves = new Uint16Array(floats.length)
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length)
  for (let i = 0; i < halves.length; i++) {
    const float = bits[i] ?? 0
    const magnitude = float & 0x7fff_ffff
    const half = magnitude < smallestNormalHalf ? subnormalHalf(Math.abs(floats[i] ?? 0)) : normalHalf(magnitude)
    if (half >= 0x7c00) throw new FormatError(`tensor '${name}': ${floats[i]} does not fit into half precision`)
    halves[i] = ((float >>> 16) & 0x8000) | half
  }
  return { ...storedTensor(halves, tensor.shape), dtype: 'F16' }
}

/** The bits of 2^-14 as F32. */
const smallestNormalHalf = 0x3880_0000

/** The 13 lowest bits of the mantissa are rounded away, and the exponent's bias becomes 15 instead of 127. */
function normalHalf(magnitude: number): number {
  return ((magnitude + 0xfff + ((magnitude >>> 13) & 1)) >>> 13) - (112 << 10)
}

/** A count of 2^-24: between 2^23 and 2^24 a 32-bit float has room for whole numbers only, so the sum is rounded. */
function subnormalHalf(value: number): number {
  return Math.fround(value * 2 ** 24 + 2 ** 23) - 2 ** 23
}

/** The half-precision value nearest to a number. Throws as `halfTensor`. */
export function roundedToHalf(value: number): number {
  return float32Of(halfTensor(storedTensor(Float32Array.of(value), [1])))[0] ?? Number.NaN
}
