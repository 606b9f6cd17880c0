/**
 * Quantised matrices in checkpoints of Hugging Face, as the library compressed-tensors stores them and transformers and
 * vLLM read them (format `pack-quantized`, https://github.com/vllm-project/compressed-tensors): of `x.weight [outputs,
 * inputs]` there are `x.weight_packed`, codes in 32-bit words along the inputs, `x.weight_scale [outputs, blocks]`,
 * `x.weight_zero_point`, packed along the outputs and absent where the grid is symmetric, and `x.weight_shape`.
 */
import { z } from 'zod'
import { type FiledTensor, tensorInMemory, wholeTensor } from '../formats/filed-tensor'
import { FormatError } from '../formats/format-error'
import { halfTensor } from '../formats/half-precision'
import { packedWords, packRows, unpackRows } from '../formats/packed-integers'
import { parsedBy } from '../formats/problems'
import { float32Of, int32Of, type StoredTensor, storedTensor } from '../formats/safetensors'
import { integersOf } from '../formats/tensor-data'
import { codeOf, type Grid, type MatrixGrid, scaleAt, valueOf } from './grid'
import type { TensorStore } from './store'

/** The `quantization_config` of a config.json whose linear layers are on one grid, but for those in `ignore`. */
export function quantizationConfig({ bits, block, symmetric }: Grid, ignore: readonly string[]) {
  const weights = {
    num_bits: bits,
    type: 'int',
    symmetric,
    strategy: 'group',
    group_size: block,
    dynamic: false,
    actorder: null,
    observer: 'minmax'
  }
  return {
    quant_method: 'compressed-tensors',
    format: 'pack-quantized',
    quantization_status: 'compressed',
    config_groups: { group_0: { targets: ['Linear'], weights, input_activations: null, output_activations: null } },
    ignore,
    kv_cache_scheme: null
  }
}

/**
 * The grid by a parsed config.json; undefined for floats, and for what another quantiser stored. Throws a `FormatError`
 * for matrices of several grids and for numbers other than integers.
 */
export function readQuantization(config: unknown): Grid | undefined {
  const found = packedSchema.safeParse(config)
  if (!found.success) return undefined
  const { weights } = parsedBy(groupsSchema, config, '').quantization_config.config_groups
  return { bits: weights.num_bits, block: weights.group_size, symmetric: weights.symmetric }
}

const packedSchema = z.object({
  quantization_config: z.object({ quant_method: z.literal('compressed-tensors'), format: z.literal('pack-quantized') })
})

const groupsSchema = z.object({
  quantization_config: z.object({
    config_groups: z
      .record(
        z.string(),
        z.object({
          weights: z.object({
            num_bits: z.int().min(1).max(8),
            type: z.literal('int').default('int'),
            symmetric: z.boolean().default(true),
            strategy: z.literal('group'),
            group_size: z.int().positive()
          })
        })
      )
      .transform((groups, context) => {
        const [group, ...others] = Object.values(groups)
        if (group && others.length === 0) return group
        context.addIssue(`expected one group of matrices, found ${Object.keys(groups).length}`)
        return z.NEVER
      })
  })
})

/** The tensors that stand for `name`, whose values `[outputs, inputs]` are all on their grids. */
export function packedTensors(
  name: string,
  values: Float32Array,
  [outputs, inputs]: readonly [number, number],
  grid: MatrixGrid
): [name: string, tensor: StoredTensor][] {
  const { bits, block, symmetric, scales, zeros } = grid
  const blocks = Math.ceil(inputs / block)
  const codes = Uint8Array.from(values, (value, i) => {
    const index = Math.floor(i / inputs) * blocks + Math.floor((i % inputs) / block)
    return codeOf(value, scaleAt(grid, index), grid)
  })
  const shape = BigInt64Array.of(BigInt(outputs), BigInt(inputs))
  const half = halfTensor(storedTensor(scales, [outputs, blocks]), name)
  const packed = packRows(codes, [outputs, inputs], bits)
  const tensors: [string, StoredTensor][] = [
    ['shape', { dtype: 'I64', shape: [2], data: new Uint8Array(shape.buffer) }],
    ['packed', { dtype: 'I32', shape: [outputs, packedWords(inputs, bits)], data: packed }],
    ...(symmetric ? [] : [['zero_point', packedZeros(zeros, [outputs, blocks], bits)] as [string, StoredTensor]]),
    ['scale', half]
  ]
  return tensors.map(([part, tensor]) => [`${name}_${part}`, tensor])
}

/** Packed along the outputs: the words of a block's column below each other. */
function packedZeros(zeros: Uint8Array, [outputs, blocks]: readonly [number, number], bits: number): StoredTensor {
  const rows = packRows(swapped(zeros, [outputs, blocks]), [blocks, outputs], bits)
  const words = packedWords(outputs, bits)
  return storedTensor(swapped(new Int32Array(rows.buffer), [blocks, words]), [words, blocks])
}

/** A row-major table with rows as columns. */
function swapped<T extends Uint8Array | Int32Array>(table: T, [rows, columns]: readonly [number, number]): T {
  const other = table.slice() as T
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) other[column * rows + row] = table[row * columns + column] ?? 0
  }
  return other
}

/**
 * A checkpoint with its packed matrices as the float32 that their codes stand for, and the grids of these by their name.
 * Rejects with a `FormatError` where the tensors of a matrix do not fit each other.
 */
export async function unpackedStore(
  store: TensorStore,
  grid: Grid
): Promise<{ readonly store: TensorStore; readonly grids: ReadonlyMap<string, MatrixGrid> }> {
  const tensors = new Map<string, FiledTensor>()
  const grids = new Map<string, MatrixGrid>()
  for (const [name, tensor] of store.tensors) {
    const [, matrix, part] = /^(.*\.weight)_(packed|scale|zero_point|shape)$/.exec(name) ?? []
    if (matrix === undefined) tensors.set(name, tensor)
    else if (part === 'packed') {
      const { values, shape, ...own } = await unpacked(store, matrix, grid)
      tensors.set(matrix, tensorInMemory(matrix, storedTensor(values, shape)))
      grids.set(matrix, own)
    } else if (!store.tensors.has(`${matrix}_packed`)) tensors.set(name, tensor)
  }
  return { store: { ...store, tensors }, grids }
}

async function unpacked(
  store: TensorStore,
  matrix: string,
  grid: Grid
): Promise<MatrixGrid & { readonly values: Float32Array; readonly shape: readonly [number, number] }> {
  const { bits, block, symmetric } = grid
  const read = async (part: string, expected: readonly number[]) => {
    const name = `${matrix}_${part}`
    const tensor = store.tensors.get(name)
    if (!tensor) throw new FormatError(`${store.name}: tensor '${name}' is missing beside '${matrix}_packed'`)
    if (tensor.shape.join() !== expected.join()) {
      throw new FormatError(
        `${tensor.source.name}: tensor '${name}' has shape [${tensor.shape.join(', ')}], but ${bits} bits in blocks of ` +
          `${block} call for [${expected.join(', ')}]`
      )
    }
    return wholeTensor(tensor)
  }
  const [outputs = 0, inputs = 0] = Array.from(integersOf(await read('shape', [2]), `${matrix}_shape`))
  const shape = [outputs, inputs] as const
  const blocks = Math.ceil(inputs / block)
  const packed = await read('packed', [outputs, packedWords(inputs, bits)])
  const scales = float32Of(await read('scale', [outputs, blocks]), `${matrix}_scale`)
  const words = packedWords(outputs, bits)
  const zeros = symmetric
    ? new Uint8Array(outputs * blocks).fill(2 ** (bits - 1))
    : unpackedZeros(int32Of(await read('zero_point', [words, blocks]), `${matrix}_zero_point`), shape, blocks, bits)
  int32Of(packed, `${matrix}_packed`)
  const own: MatrixGrid = { ...grid, scales, zeros }
  const values = Float32Array.from(unpackRows(packed.data, shape, bits), (code, i) =>
    valueOf(code, scaleAt(own, Math.floor(i / inputs) * blocks + Math.floor((i % inputs) / block)))
  )
  return { ...own, values, shape }
}

function unpackedZeros(words: Int32Array, [outputs]: readonly [number, number], blocks: number, bits: number) {
  const rows = swapped(words.slice(), [packedWords(outputs, bits), blocks])
  const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength)
  return swapped(unpackRows(bytes, [blocks, outputs], bits), [blocks, outputs])
}
