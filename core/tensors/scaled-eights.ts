/**
 * Matrices of eight-bit floats with a scale for each block, as DeepSeek-V3 is published and as transformers saves models
 * with `quant_method: "fp8"`: beside `x.weight [outputs, inputs]` of dtype F8_E4M3 there is
 * `x.weight_scale_inv [ceil(outputs / rows), ceil(inputs / columns)]`, by which its values are multiplied
 * (DeepSeek-V3, 2412.19437, section 3.3.2).
 */
import { z } from 'zod'
import { type FiledTensor, tensorInMemory, wholeTensor } from '../formats/filed-tensor'
import { FormatError } from '../formats/format-error'
import { parsedBy } from '../formats/problems'
import { elementCount, float32Of, storedTensor } from '../formats/tensor-data'
import type { TensorStore } from './store'

/** Rows and columns of a matrix that share a scale; of the whole matrix where it has one. */
export type ScaledBlock = readonly [rows: number, columns: number]

/**
 * The blocks by a parsed config.json, infinite where a matrix has one scale; undefined for a model of other numbers. Throws
 * a `FormatError` for eight-bit floats of another form.
 */
export function readScaledBlock(config: unknown): ScaledBlock | undefined {
  if (!eightsSchema.safeParse(config).success) return undefined
  const { quantization_config } = parsedBy(blockSchema, config, '')
  return quantization_config.weight_block_size ?? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
}

const eightsSchema = z.object({ quantization_config: z.object({ quant_method: z.literal('fp8') }) })

const side = z.int().positive()

const blockSchema = z.object({
  quantization_config: z.object({
    fmt: z.literal('e4m3').default('e4m3'),
    weight_block_size: z.tuple([side, side]).nullish()
  })
})

/** A scale's tensor, by that of its matrix. */
const suffix = '_scale_inv'

/**
 * A checkpoint with its scaled matrices as the float32 that they stand for. Rejects with a `FormatError` where a matrix and
 * its scales do not fit each other.
 */
export async function scaledStore(store: TensorStore, block: ScaledBlock): Promise<TensorStore> {
  const tensors = new Map<string, FiledTensor>()
  for (const [name, tensor] of store.tensors) {
    const scales = store.tensors.get(name + suffix)
    const isScale = name.endsWith(suffix) && store.tensors.has(name.slice(0, -suffix.length))
    if (scales) tensors.set(name, tensorInMemory(name, await scaled(tensor, scales, block)))
    else if (!isScale) tensors.set(name, tensor)
  }
  return { ...store, tensors }
}

async function scaled(matrix: FiledTensor, scales: FiledTensor, [rows, columns]: ScaledBlock) {
  const { shape } = matrix
  const [outputs = 1, inputs = 1] = shape.slice(-2)
  const [down, across] = [Math.ceil(outputs / Math.min(rows, outputs)), Math.ceil(inputs / Math.min(columns, inputs))]
  const expected = elementCount(shape.slice(0, -2)) * down * across
  if (elementCount(scales.shape) !== expected) {
    throw new FormatError(
      `${scales.source.name}: tensor '${scales.name}' has shape [${scales.shape.join(', ')}], but '${matrix.name}' of ` +
        `shape [${shape.join(', ')}] needs ${expected} scales`
    )
  }
  const values = float32Of(await wholeTensor(matrix), matrix.name)
  const factors = float32Of(await wholeTensor(scales), scales.name)
  const floats = new Float32Array(values.length)
  for (let i = 0; i < floats.length; i++) {
    const row = Math.floor(i / inputs)
    // Rows of blocks that are cut off at a matrix's end begin anew in the next one.
    const blockRow = Math.floor(row / outputs) * down + Math.floor((row % outputs) / rows)
    floats[i] = (values[i] ?? 0) * (factors[blockRow * across + Math.floor((i % inputs) / columns)] ?? 0)
  }
  return storedTensor(floats, shape)
}
