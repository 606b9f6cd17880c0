/**
 * `routed_experts` in the JSON of servers around vLLM. vLLM itself: base64 of a .npy file, or nested lists before
 * v0.22. prime-rl and Dynamo: `{"data", "shape", "dtype", "start"}`, base64 of the bare values; before June 2026 without
 * `dtype` and `start`, and in base85.
 * https://github.com/PrimeIntellect-ai/prime-rl/blob/main/src/prime_rl/inference/vllm/routed_experts.py
 * https://github.com/ai-dynamo/dynamo/blob/main/components/src/dynamo/vllm/handlers.py
 */
import { z } from 'zod'
import { base64Bytes } from '../../formats/base64'
import { base85Bytes } from '../../formats/base85'
import { byteSource } from '../../formats/byte-source'
import { checkTensorBytes, type FiledTensor, tensorInMemory } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import { indexNpy } from '../../formats/npy'
import { type Dtype, dtypeBytes, elementCount, storedTensor } from '../../formats/tensor-data'
import { nestedIntegers } from './responses'

/** By the names of NumPy. */
const dtypes = {
  uint8: 'U8',
  int8: 'I8',
  uint16: 'U16',
  int16: 'I16',
  uint32: 'U32',
  int32: 'I32',
  int64: 'I64'
} as const

/** Of a dtype that is not told, by its width: -1 is no expert. */
const dtypeOfWidth: Readonly<Record<number, Dtype>> = { 1: 'U8', 2: 'I16', 4: 'I32', 8: 'I64' }

const size = z.int().nonnegative()

export const payloadSchema = z.union(
  [
    z.string(),
    z.array(z.unknown()),
    z.object({
      data: z.string(),
      shape: z.tuple([size, size, size]),
      dtype: z.enum(Object.keys(dtypes) as (keyof typeof dtypes)[]).nullish(),
      start: size.nullish()
    })
  ],
  {
    error:
      'expected text, nested lists, or {"data": text, "shape": [tokens, layers, top_k], "dtype": ' +
      `${Object.keys(dtypes).join(' or ')}, "start": number}`
  }
)

export type Payload = z.infer<typeof payloadSchema>

/** Experts of tokens that follow each other: `[tokens, layers, top_k]`. */
export interface PayloadRows {
  readonly ids: FiledTensor
  /** Tokens of the prompt before the first row. */
  readonly start: number
}

/**
 * Rejects with a `FormatError` that names the place.
 * @param most values that a text of its length can have
 */
export async function payloadRows(value: Payload, place: string, most: number): Promise<PayloadRows> {
  if (typeof value === 'string') {
    return { ids: await indexNpy(byteSource(place, base64Bytes(value, place))), start: 0 }
  }
  if (Array.isArray(value)) {
    const { shape, values } = nestedIntegers(value, ['tokens', 'layers', 'top_k'], place, most)
    return { ids: tensorInMemory(place, storedTensor(values, shape)), start: 0 }
  }
  const { data: text, shape, dtype: told, start } = value
  const count = elementCount(shape)
  const { data, width } = decoded(text, told ? dtypeBytes[dtypes[told]] : undefined, count, place)
  const dtype = told ? dtypes[told] : (dtypeOfWidth[width] ?? 'I32')
  checkTensorBytes(place, dtype, shape, data.length)
  return { ids: tensorInMemory(place, { dtype, shape, data }), start: start ?? 0 }
}

/** By the length of the text: base64 has four characters for three bytes, base85 five for four. */
function decoded(text: string, told: number | undefined, count: number, place: string) {
  const widths = told === undefined ? [1, 2, 4, 8] : [told]
  const width64 = widths.find((width) => text.length === 4 * Math.ceil((count * width) / 3))
  if (width64 !== undefined) return { data: base64Bytes(text, `${place}.data`), width: width64 }
  const width85 = widths.find((width) => text.length === count * width + Math.ceil((count * width) / 4))
  if (width85 !== undefined) return { data: base85Bytes(text, `${place}.data`), width: width85 }
  throw new FormatError(
    `${place}.data: ${text.length} characters are neither base64 nor base85 of ${count} values (shape) of ` +
      `${widths.join(', ')} bytes: the text is truncated, or shape or dtype are of another`
  )
}
