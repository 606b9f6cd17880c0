/**
 * Tensors as files hold them, little-endian bytes with a dtype and a shape, and their conversion to and from typed
 * arrays.
 */
import { FormatError } from './format-error'

/** Bytes of one value of each dtype, by the names of the safetensors format. */
export const dtypeBytes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  U16: 2,
  I16: 2,
  U32: 4,
  I32: 4,
  U64: 8,
  I64: 8,
  F16: 2,
  BF16: 2,
  F32: 4,
  F64: 8
} as const

export type Dtype = keyof typeof dtypeBytes

/** A tensor as it lies in a file: row-major, little-endian. */
export interface StoredTensor {
  readonly dtype: Dtype
  readonly shape: readonly number[]
  /** `elementCount(shape) * dtypeBytes[dtype]` bytes, at any alignment. */
  readonly data: Uint8Array
}

/** The number of values of a shape; 1 for the empty shape of a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** A stored tensor over the memory of `values` (no copy); its dtype is that of the array. */
export function storedTensor(
  values: Float32Array | Float64Array | Int32Array | Uint16Array | Uint8Array,
  shape: readonly number[]
): StoredTensor {
  if (elementCount(shape) !== values.length) {
    throw new FormatError(`tensor: shape [${shape.join(', ')}] does not hold ${values.length} values`)
  }
  return { dtype: dtypeOf(values), shape, data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) }
}

/**
 * The values of an F32, F16, BF16, F64 or F8_E4M3 tensor as 32-bit floats. An aligned F32 tensor is returned as a view of its
 * own bytes, anything else as a copy. Throws `FormatError` for other dtypes; `name` is used in its message.
 */
export function float32Of(tensor: StoredTensor, name = '(unnamed)'): Float32Array {
  switch (tensor.dtype) {
    case 'F32':
      return view(tensor, Float32Array)
    case 'F16':
      return halfToFloat(view(tensor, Uint16Array))
    case 'BF16':
      return bfloatToFloat(view(tensor, Uint16Array))
    case 'F64':
      return Float32Array.from(float64Of(tensor))
    case 'F8_E4M3':
      return Float32Array.from(tensor.data, eightToFloat)
    default:
      throw wrongDtype(tensor, name, 'F32, F16, BF16, F64 or F8_E4M3')
  }
}

/**
 * The values of a tensor of floats as 64-bit floats, without a copy where they are such and aligned. Throws
 * `FormatError` for other dtypes.
 */
export function float64Of(tensor: StoredTensor, name = '(unnamed)'): Float64Array {
  return tensor.dtype === 'F64' ? view(tensor, Float64Array) : Float64Array.from(float32Of(tensor, name))
}

/** True where values of this dtype are floats that `float32Of` reads. */
export function isFloat(dtype: Dtype): boolean {
  return dtype === 'F32' || dtype === 'F16' || dtype === 'BF16' || dtype === 'F64' || dtype === 'F8_E4M3'
}

/**
 * The values of a tensor of any integer dtype, without a copy where they are aligned and at most 32 bits wide. Wider
 * ones beyond 2^53 lose their last digits. Throws `FormatError` for other dtypes.
 */
export function integersOf(tensor: StoredTensor, name = '(unnamed)'): ArrayLike<number> {
  switch (tensor.dtype) {
    case 'U8':
      return tensor.data
    case 'I8':
      return view(tensor, Int8Array)
    case 'U16':
      return view(tensor, Uint16Array)
    case 'I16':
      return view(tensor, Int16Array)
    case 'U32':
      return view(tensor, Uint32Array)
    case 'I32':
      return view(tensor, Int32Array)
    case 'U64':
      return Float64Array.from(view(tensor, BigUint64Array), Number)
    case 'I64':
      return Float64Array.from(view(tensor, BigInt64Array), Number)
    default:
      throw wrongDtype(tensor, name, 'an integer type')
  }
}

/** The values of an I32 tensor, without a copy where aligned. Throws `FormatError` for other dtypes. */
export function int32Of(tensor: StoredTensor, name = '(unnamed)'): Int32Array {
  if (tensor.dtype !== 'I32') throw wrongDtype(tensor, name, 'I32')
  return view(tensor, Int32Array)
}

/** The values of a U16 tensor, without a copy where aligned. Throws `FormatError` for other dtypes. */
export function uint16Of(tensor: StoredTensor, name = '(unnamed)'): Uint16Array {
  if (tensor.dtype !== 'U16') throw wrongDtype(tensor, name, 'U16')
  return view(tensor, Uint16Array)
}

/** The values of a U8 tensor, without a copy. Throws `FormatError` for other dtypes. */
export function uint8Of(tensor: StoredTensor, name = '(unnamed)'): Uint8Array {
  if (tensor.dtype !== 'U8') throw wrongDtype(tensor, name, 'U8')
  return tensor.data
}

interface TypedArrayConstructor<T> {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T
}

function view<T>({ data }: StoredTensor, Values: TypedArrayConstructor<T>): T {
  const aligned = data.byteOffset % Values.BYTES_PER_ELEMENT === 0 ? data : new Uint8Array(data)
  return new Values(aligned.buffer, aligned.byteOffset, aligned.byteLength / Values.BYTES_PER_ELEMENT)
}

function halfToFloat(halves: Uint16Array): Float32Array {
  halfFloats ??= allHalfFloats()
  const floats = new Float32Array(halves.length)
  for (let i = 0; i < halves.length; i++) floats[i] = halfFloats[halves[i] ?? 0] ?? 0
  return floats
}

/** Of each of the 65536 halves: looking them up is several times as fast as computing them. */
let halfFloats: Float32Array | undefined

function allHalfFloats(): Float32Array {
  const floats = new Float32Array(2 ** 16)
  const bits = new Uint32Array(floats.buffer)
  for (let half = 0; half < floats.length; half++) {
    const exponent = (half >> 10) & 0x1f
    const mantissa = half & 0x3ff
    if (exponent === 0) floats[half] = (half & 0x8000 ? -1 : 1) * mantissa * 2 ** -24
    else bits[half] = ((half & 0x8000) << 16) | ((exponent === 31 ? 255 : exponent + 112) << 23) | (mantissa << 13)
  }
  return floats
}

function bfloatToFloat(bfloats: Uint16Array): Float32Array {
  const bits = new Uint32Array(bfloats.length)
  // No callback for each: a model has billions.
  for (let i = 0; i < bits.length; i++) bits[i] = (bfloats[i] ?? 0) << 16
  return new Float32Array(bits.buffer)
}

/**
 * Four bits of exponent, biased by 7, and three of mantissa; no infinities, and one pattern that is no number
 * (Micikevicius et al. 2022, "FP8 Formats for Deep Learning", table 1).
 */
function eightToFloat(eight: number): number {
  const sign = eight & 0x80 ? -1 : 1
  const exponent = (eight >> 3) & 0xf
  const mantissa = eight & 7
  if ((eight & 0x7f) === 0x7f) return Number.NaN
  return exponent === 0 ? sign * mantissa * 2 ** -9 : sign * (8 + mantissa) * 2 ** (exponent - 10)
}

function dtypeOf(values: Float32Array | Float64Array | Int32Array | Uint16Array | Uint8Array): Dtype {
  if (values instanceof Float32Array) return 'F32'
  if (values instanceof Float64Array) return 'F64'
  if (values instanceof Int32Array) return 'I32'
  if (values instanceof Uint16Array) return 'U16'
  return 'U8'
}

function wrongDtype(tensor: StoredTensor, name: string, expected: string): FormatError {
  return new FormatError(`tensor '${name}': expected dtype ${expected}, found ${tensor.dtype}`)
}
