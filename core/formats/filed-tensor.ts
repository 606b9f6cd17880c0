/** Tensors that stay in their file: of any container, they are read in stretches of rows. */
import { type ByteSource, byteSource, exactBytes } from './byte-source'
import { FormatError } from './format-error'
import { type Dtype, dtypeBytes, elementCount, type StoredTensor } from './tensor-data'

/** A tensor's form, and its bytes `begin` to `end` of the file. */
export interface TensorPlace {
  readonly dtype: Dtype
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

/** A tensor in a source of bytes. */
export interface FiledTensor extends TensorPlace {
  /** For messages. */
  readonly name: string
  readonly source: ByteSource
}

/** All of a tensor. Rejects with a `FormatError` where the file ends too early. */
export async function wholeTensor({ name, source, dtype, shape, begin, end }: FiledTensor): Promise<StoredTensor> {
  return { dtype, shape, data: await exactBytes(source, begin, end, `tensor '${name}'`) }
}

/** Rows `from` to `to` (exclusive) along the first axis. Rejects with a `FormatError` where the file ends too early. */
export async function tensorRows(tensor: FiledTensor, from: number, to: number): Promise<StoredTensor> {
  const { name, source, dtype, begin } = tensor
  const rest = tensor.shape.slice(1)
  const rowBytes = elementCount(rest) * dtypeBytes[dtype]
  const data = await exactBytes(source, begin + from * rowBytes, begin + to * rowBytes, `tensor '${name}'`)
  return { dtype, shape: [to - from, ...rest], data }
}

/** Values `from` to `to` (exclusive) in row-major order, as a list. Rejects with a `FormatError` where the file ends too early. */
export function tensorValues(tensor: FiledTensor, from: number, to: number): Promise<StoredTensor> {
  return tensorRows({ ...tensor, shape: [elementCount(tensor.shape)] }, from, to)
}

/** The tensors `[rest of the axes]` along the first axis, each as a tensor of its own. */
export function alongFirstAxis(tensor: FiledTensor): FiledTensor[] {
  const [length = 0, ...shape] = tensor.shape
  const bytes = elementCount(shape) * dtypeBytes[tensor.dtype]
  return Array.from({ length }, (_, i) => {
    const begin = tensor.begin + i * bytes
    return { ...tensor, name: `${tensor.name}[${i}]`, shape, begin, end: begin + bytes }
  })
}

/** A tensor that is in memory already. */
export function tensorInMemory(name: string, { dtype, shape, data }: StoredTensor): FiledTensor {
  return { name, source: byteSource(name, data), dtype, shape, begin: 0, end: data.length }
}

/**
 * Throws a `FormatError` unless a tensor of this form takes `found` bytes. The product of the sizes may be beyond what
 * a number holds exactly; then it is not what the file has either.
 */
export function checkTensorBytes(name: string, dtype: Dtype, shape: readonly number[], found: number): void {
  const expected = elementCount(shape) * dtypeBytes[dtype]
  if (found === expected) return
  throw new FormatError(
    `${name}: ${dtype} of shape [${shape.join(', ')}] takes ${expected} bytes, found ${found}: the file is ` +
      (found < expected ? 'truncated or damaged' : 'damaged, or holds more than one array')
  )
}
