/**
 * NumPy's arrays in pickles: `ndarray.__reduce__` gives `_reconstruct` and a state of shape, dtype and bytes (a list for
 * arrays of objects), in protocol 5 `_frombuffer`. The bytes are copied as they are; nothing of NumPy runs.
 * https://github.com/numpy/numpy/blob/main/numpy/_core/src/multiarray/methods.c (array_reduce)
 */
import { checkTensorBytes } from './filed-tensor'
import { FormatError } from './format-error'
import { npyDtypes } from './npy'
import type { PickleFunction, PickleValue } from './pickle'
import { float64Of, integersOf, isFloat, type StoredTensor } from './tensor-data'

/** An array of a pickle: `tensor` of numbers, or `items` of objects; neither before its state is set. */
export class NumpyArray {
  tensor: StoredTensor | undefined
  items: PickleValue[] | undefined
}

/** A dtype as NumPy names it, such as `i4`; its byte order comes with its state. */
class NumpyDtype {
  readonly code: string
  order = '|'

  constructor(code: string) {
    this.code = code
  }

  /** As in the header of a .npy file. */
  get descr(): string {
    return `${this.order === '=' ? '<' : this.order}${this.code}`
  }
}

/** The class `numpy.ndarray`, which is named but never called. */
const ndarray = {}

const dtypeOf: PickleFunction = ([code]) => {
  if (typeof code === 'string') return new NumpyDtype(code)
  throw new FormatError('numpy: a dtype: expected its name')
}

const reconstruct: PickleFunction = () => new NumpyArray()

const fromBuffer: PickleFunction = ([data, dtype, shape, order]) => arrayOf(shape, dtype, order === 'F', data)

const scalar: PickleFunction = ([dtype, data]) => {
  const { tensor } = arrayOf([], dtype, false, data)
  if (!tensor) throw new FormatError('numpy: a scalar: expected its bytes')
  if (tensor.dtype === 'BOOL') return tensor.data[0] === 1
  const values = isFloat(tensor.dtype) ? float64Of(tensor) : integersOf(tensor)
  return values[0] ?? null
}

/** Bytes that one pickle may make of text: it may ask for the same ones again and again. */
const maxBytes = 256 * 1024 * 1024

/** The Python objects that a pickle of NumPy may name, by module and name. */
export function numpyGlobals(): Readonly<Record<string, PickleFunction | object>> {
  let made = 0
  const encode: PickleFunction = ([text, encoding]) => {
    if (typeof text !== 'string' || encoding !== 'latin1') throw new FormatError('bytes: expected text and latin1')
    made += text.length
    if (made > maxBytes) throw new FormatError(`bytes: more than ${maxBytes}`)
    return latin1(text)
  }
  return {
    'numpy ndarray': ndarray,
    'numpy dtype': dtypeOf,
    '_codecs encode': encode,
    ...Object.fromEntries(
      ['numpy.core', 'numpy._core'].flatMap((core) => [
        [`${core}.multiarray _reconstruct`, reconstruct],
        [`${core}.multiarray scalar`, scalar],
        [`${core}.numeric _frombuffer`, fromBuffer]
      ])
    )
  }
}

/** Sets the state of an array or dtype; false for anything else. Throws a `FormatError` when it does not fit. */
export function setNumpyState(target: PickleValue, state: PickleValue): boolean {
  if (target instanceof NumpyDtype && Array.isArray(state)) {
    if (typeof state[1] === 'string') target.order = state[1]
    return true
  }
  if (!(target instanceof NumpyArray) || !Array.isArray(state)) return false
  const [, shape, dtype, fortran, data] = state
  Object.assign(target, arrayOf(shape, dtype, fortran === true, data))
  return true
}

function arrayOf(
  shape: PickleValue | undefined,
  dtype: PickleValue | undefined,
  fortran: boolean,
  data: PickleValue | undefined
): NumpyArray {
  const array = new NumpyArray()
  if (!areSizes(shape)) throw new FormatError('numpy: an array: expected a tuple of sizes')
  if (!(dtype instanceof NumpyDtype)) throw new FormatError('numpy: an array: expected a dtype')
  if (Array.isArray(data)) {
    array.items = data
    return array
  }
  if (!(data instanceof Uint8Array)) throw new FormatError('numpy: an array: expected its bytes')
  const { descr } = dtype
  const found = Object.hasOwn(npyDtypes, descr) ? npyDtypes[descr] : undefined
  if (!found) {
    throw new FormatError(`numpy: an array of '${descr}': expected one of ${Object.keys(npyDtypes).join(', ')}`)
  }
  if (fortran && shape.length > 1) {
    throw new FormatError("numpy: an array in Fortran's order: save numpy.ascontiguousarray(array)")
  }
  checkTensorBytes('numpy: an array', found, shape, data.length)
  array.tensor = { dtype: found, shape, data }
  return array
}

/** True where a value of a pickle is a shape, or strides. */
export function areSizes(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.every(isSize)
}

/** True where a value of a pickle is a size. */
export function isSize(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** The bytes that Python's protocol 2 writes as text of as many characters. */
function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0)
    if (code > 255 || character.length > 1) throw new FormatError('bytes: expected characters of latin1')
    return code
  })
}
