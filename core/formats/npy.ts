/**
 * The .npy format of NumPy: magic bytes, a version, the length of a header, the header as the text of a Python dict,
 * then the values. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import { type ByteSource, exactBytes, partOf } from './byte-source'
import { checkTensorBytes, type FiledTensor } from './filed-tensor'
import { FormatError } from './format-error'
import type { Dtype } from './tensor-data'

const magic = [0x93, ...new TextEncoder().encode('NUMPY')]

/** NumPy's own limit, beyond which it asks for trust. */
const mostHeaderBytes = 10_000

/** Of little-endian arrays, and of those whose values are one byte wide. */
export const npyDtypes: Readonly<Record<string, Dtype>> = {
  '|b1': 'BOOL',
  '|u1': 'U8',
  '|i1': 'I8',
  '<u2': 'U16',
  '<i2': 'I16',
  '<u4': 'U32',
  '<i4': 'I32',
  '<u8': 'U64',
  '<i8': 'I64',
  '<f2': 'F16',
  '<f4': 'F32',
  '<f8': 'F64'
}

/** True where bytes begin as a .npy file does. */
export function beginsAsNpy(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte)
}

/**
 * Reads the header of a .npy file: the array and where its values lie. Rejects with a `FormatError` when the header is
 * damaged, when the file has another number of bytes than it calls for, and for what is not read: arrays of text,
 * records, complex numbers, Python objects or big-endian values, and arrays in Fortran's order.
 */
export async function indexNpy(source: ByteSource): Promise<FiledTensor> {
  const { name } = source
  const { header, begin } = await headerOf(source)
  const { dtype, shape } = parseHeader(name, header)
  checkTensorBytes(name, dtype, shape, source.size - begin)
  return { name, source, dtype, shape, begin, end: source.size }
}

/** The pickle in a file of Python objects, as `np.save` writes dicts and arrays of several lengths; undefined for numbers. */
export async function objectsOfNpy(source: ByteSource): Promise<ByteSource | undefined> {
  const { header, begin } = await headerOf(source)
  return /'descr':\s*'\|O'/.test(header) ? partOf(source, begin, source.size, source.name) : undefined
}

async function headerOf(source: ByteSource): Promise<{ readonly header: string; readonly begin: number }> {
  const { name } = source
  const head = await source.bytes(0, Math.min(12, source.size))
  if (!beginsAsNpy(head)) throw new FormatError(`${name}: no .npy file: it does not begin with \\x93NUMPY`)
  const version = head[6] ?? 0
  if (version < 1 || version > 3) {
    throw new FormatError(`${name}: .npy version: expected 1, 2 or 3, found ${version}`)
  }
  const headerBegin = version === 1 ? 10 : 12
  if (head.length < headerBegin) throw new FormatError(`${name}: the file is truncated: it ends inside the header`)
  const view = new DataView(head.buffer, head.byteOffset)
  const headerLength = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (headerLength > mostHeaderBytes) {
    throw new FormatError(`${name}: header of ${headerLength} bytes, expected at most ${mostHeaderBytes}`)
  }
  const begin = headerBegin + headerLength
  const header = new TextDecoder().decode(await exactBytes(source, headerBegin, begin, `${name}: header`))
  return { header, begin }
}

function parseHeader(name: string, header: string): { dtype: Dtype; shape: number[] } {
  const field = (key: string, value: RegExp, expected: string) => {
    const found = new RegExp(`'${key}':\\s*${value.source}`).exec(header)?.[1]
    if (found !== undefined) return found
    throw new FormatError(
      `${name}: header field '${key}': expected ${expected}, found ${JSON.stringify(header.trim())}`
    )
  }
  const descr = field('descr', /'([^']*)'/, 'the name of one dtype')
  const order = field('fortran_order', /(True|False)/, 'True or False')
  const sizes = field('shape', /\(([\d,\s]*)\)/, 'a tuple of sizes')
  if (descr === '|O') {
    throw new FormatError(
      `${name}: header field 'descr': found '|O', an array of Python objects, which NumPy makes of arrays of different ` +
        'lengths: save them with np.savez("routed.npz", **{f"request_{i}": array for i, array in enumerate(arrays)}), one array for each request'
    )
  }
  const dtype = Object.hasOwn(npyDtypes, descr) ? npyDtypes[descr] : undefined
  if (!dtype) {
    throw new FormatError(
      `${name}: header field 'descr': expected one of ${Object.keys(npyDtypes).join(', ')}, found '${descr}'; save it ` +
        'with array.astype(...)'
    )
  }
  const shape = sizes.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)]))
  if (!shape.every(Number.isSafeInteger)) {
    throw new FormatError(`${name}: header field 'shape': expected whole numbers, found (${sizes})`)
  }
  if (order === 'True' && shape.length > 1) {
    throw new FormatError(
      `${name}: header field 'fortran_order': expected False, found True; save numpy.ascontiguousarray(array)`
    )
  }
  return { dtype, shape }
}
