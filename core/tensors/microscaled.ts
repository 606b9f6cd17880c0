/**
 * Experts of four-bit floats in MXFP4, as gpt-oss is published: beside `x_blocks [experts, outputs, groups, 16]`, two
 * values a byte, the lower bits first, there is `x_scales [experts, outputs, groups]`, exponents of two biased by 127
 * (Open Compute Project 2023, "OCP Microscaling Formats (MX) Specification", sections 5.3 and 6.3). They stand for the
 * tensor `x [experts, groups * 32, outputs]`.
 */
import { z } from 'zod'
import { type FiledTensor, tensorInMemory, wholeTensor } from '../formats/filed-tensor'
import { FormatError } from '../formats/format-error'
import { storedTensor, uint8Of } from '../formats/tensor-data'
import type { TensorStore } from './store'

/** True where a parsed config.json says that experts are stored so. */
export function isMicroscaled(config: unknown): boolean {
  return z.object({ quantization_config: z.object({ quant_method: z.literal('mxfp4') }) }).safeParse(config).success
}

/** Values that share a scale. */
const group = 32

/** The values of four bits: a sign, two bits of exponent and one of mantissa. */
const magnitudes = [0, 0.5, 1, 1.5, 2, 3, 4, 6]
const values = [...magnitudes, ...magnitudes.map((each) => -each)]

/**
 * A checkpoint with these experts as the float32 that they stand for. Rejects with a `FormatError` where blocks and scales
 * do not fit each other.
 */
export async function floatedStore(store: TensorStore): Promise<TensorStore> {
  const tensors = new Map<string, FiledTensor>()
  for (const [name, tensor] of store.tensors) {
    const [, own, part] = /^(.*)_(blocks|scales)$/.exec(name) ?? []
    if (own === undefined) tensors.set(name, tensor)
    else if (part === 'blocks') tensors.set(own, tensorInMemory(own, await floated(store, own, tensor)))
    else if (!store.tensors.has(`${own}_blocks`)) tensors.set(name, tensor)
  }
  return { ...store, tensors }
}

async function floated(store: TensorStore, name: string, blocks: FiledTensor) {
  const [experts = 0, outputs = 0, groups = 0, bytes] = blocks.shape
  const scales = store.tensors.get(`${name}_scales`)
  if (!scales) throw new FormatError(`${store.name}: tensor '${name}_scales' is missing beside '${name}_blocks'`)
  const expected = [experts, outputs, groups]
  if (bytes !== group / 2 || blocks.shape.length !== 4 || scales.shape.join() !== expected.join()) {
    throw new FormatError(
      `${scales.source.name}: tensors '${name}_blocks' [${blocks.shape.join(', ')}] and '${name}_scales' ` +
        `[${scales.shape.join(', ')}] do not fit: expected [experts, outputs, groups, 16] and [experts, outputs, groups]`
    )
  }
  const codes = uint8Of(await wholeTensor(blocks), blocks.name)
  const exponents = uint8Of(await wholeTensor(scales), scales.name)
  const inputs = groups * group
  const floats = new Float32Array(experts * inputs * outputs)
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0
    const row = Math.floor((2 * i) / inputs)
    const input = (2 * i) % inputs
    const scale = 2 ** ((exponents[Math.floor((2 * i) / group)] ?? 0) - 127)
    const at = (Math.floor(row / outputs) * inputs + input) * outputs + (row % outputs)
    floats[at] = (values[code & 15] ?? 0) * scale
    floats[at + outputs] = (values[code >> 4] ?? 0) * scale
  }
  return storedTensor(floats, [experts, inputs, outputs])
}
