import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Architecture } from '../arch/architecture'
import { arbitraryArchitecture } from '../arch/architecture.arbitrary'
import { moeArchitecture } from '../arch/presets'
import { byteSource } from '../formats/byte-source'
import type { StoredTensor } from '../formats/safetensors'
import { float32Of, readSafetensors, storedTensor, writeSafetensors } from '../formats/safetensors'
import { checkpointLayout } from '../tensors/bindings'
import { openTensorStore } from '../tensors/store'
import { readWeights, writeWeights } from './checkpoint'
import { parameterLayout } from './parameters'

const moe = moeArchitecture({
  width: 8,
  heads: 2,
  vocabularySize: 5,
  layers: 1,
  experts: 2,
  expertWidth: 3,
  sharedWidth: 4
})

test('what is written is read back, every weight once', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryArchitecture, async (architecture) => {
      const flat = Float32Array.from({ length: parameterLayout(architecture).size }, (_, i) => i + 1)
      const bytes = writeWeights(architecture, flat)
      expect(await read(architecture, bytes)).toEqual(flat)
      const { tensors } = readSafetensors(bytes)
      expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual(
        checkpointLayout(architecture).tensors.map(({ name, shape }) => [name, shape])
      )
    }),
    { numRuns: 50 }
  )
})

test.each([0, 4])(
  'experts of a layer in one tensor, as of a state_dict, are read one by one (shared width %i)',
  async (sharedWidth) => {
    const shape = { width: 8, heads: 2, vocabularySize: 5, layers: 2, experts: 3, expertWidth: 4, sharedWidth }
    const architecture = moeArchitecture(shape)
    const flat = Float32Array.from({ length: parameterLayout(architecture).size }, (_, i) => i + 1)
    const { tensors } = readSafetensors(writeWeights(architecture, flat))
    const joined = new Map<string, StoredTensor>()
    const rowsOf = new Map<string, number[][]>()
    const places: Record<string, readonly [string, number]> = {
      gate_proj: ['gate_up_proj', 0],
      w1: ['gate_up_proj', 0],
      up_proj: ['gate_up_proj', 1],
      w3: ['gate_up_proj', 1],
      down_proj: ['down_proj', 0],
      w2: ['down_proj', 0]
    }
    for (const [name, tensor] of tensors) {
      const [, layer, expert, matrix = ''] =
        /^(.*)\.(?:mlp|block_sparse_moe)\.experts\.(\d+)\.(\w+)\.weight$/.exec(name) ?? []
      const [part, half] = places[matrix] ?? []
      if (part === undefined || half === undefined) {
        joined.set(name.replace('block_sparse_moe.gate', 'mlp.gate'), tensor)
        continue
      }
      const key = `${layer}.mlp.experts.${part}`
      const found = rowsOf.get(key) ?? []
      found[Number(expert) * (part === 'down_proj' ? 1 : 2) + half] = [...float32Of(tensor)]
      rowsOf.set(key, found)
    }
    for (const [name, rows] of rowsOf) {
      const down = name.endsWith('down_proj')
      joined.set(name, storedTensor(Float32Array.from(rows.flat()), down ? [3, 8, 4] : [3, 8, 8]))
    }
    expect([...joined.keys()].filter((name) => /experts\.\d/.test(name))).toEqual([])
    expect(await read(architecture, writeSafetensors([...joined]))).toEqual(flat)
  }
)

test('quantised weights are named for what they are', async () => {
  const bytes = writeSafetensors([['model.layers.0.self_attn.q_proj.qweight', storedTensor(new Int32Array(4), [2, 2])]])
  await expect(read(moe, bytes)).rejects.toThrow(/q_proj\.qweight' is of quantised weights \(GPTQ.*dequantised/)
})

test('weights in several files, some of them BF16, are read as those of one', async () => {
  // Whole numbers up to 256 are exact in BF16, the upper half of a float32.
  const flat = Float32Array.from({ length: parameterLayout(moe).size }, (_, i) => i % 256)
  const tensors = [...readSafetensors(writeWeights(moe, flat)).tensors]
  const halved = tensors.map(([name, tensor]): [string, StoredTensor] => {
    const bits = new Uint32Array(float32Of(tensor, name).slice().buffer)
    const data = new Uint8Array(Uint16Array.from(bits, (each) => each >>> 16).buffer)
    return [name, { dtype: 'BF16', shape: tensor.shape, data }]
  })
  const half = tensors.length >> 1
  const store = await openTensorStore([
    byteSource('model-00001-of-00002.safetensors', writeSafetensors(tensors.slice(half))),
    byteSource('model-00002-of-00002.safetensors', writeSafetensors(halved.slice(0, half)))
  ])
  expect(await readWeights(moe, store)).toEqual(flat)
})

test('stored projections are [out, in], and joined ones lie side by side', () => {
  const { parameters, size } = parameterLayout(moe)
  const flat = Float32Array.from({ length: size }, (_, i) => i)
  const { tensors } = readSafetensors(writeWeights(moe, flat))
  const stored = (name: string, row: number, column: number) => {
    const tensor = tensors.get(`model.layers.0.${name}.weight`)
    return tensor && float32Of(tensor, name)[row * (tensor.shape[1] ?? 1) + column]
  }
  const own = (name: string, row: number, column: number) => {
    const found = parameters.find((each) => each.name === `layers.0.${name}`)
    return found && found.offset + row * (found.shape[1] ?? 1) + column
  }
  expect(stored('self_attn.q_proj', 5, 2)).toBe(own('qkv', 2, 5))
  expect(stored('self_attn.k_proj', 5, 2)).toBe(own('qkv', 2, 8 + 5))
  expect(stored('self_attn.v_proj', 7, 0)).toBe(own('qkv', 0, 16 + 7))
  expect(stored('mlp.experts.1.gate_proj', 2, 6)).toBe(own('expert_gate_up.1', 6, 2))
  expect(stored('mlp.experts.1.up_proj', 2, 6)).toBe(own('expert_gate_up.1', 6, 3 + 2))
  expect(stored('mlp.experts.1.down_proj', 6, 2)).toBe(own('expert_down.1', 2, 6))
  expect(stored('mlp.shared_expert.up_proj', 1, 6)).toBe(own('shared_gate_up', 6, 4 + 1))
  expect(stored('mlp.gate', 1, 7)).toBe(own('router', 7, 1))
})

test.each(checkpointLayout(moe).tensors)('$name: missing or misshaped, it is named', async ({ name, shape }) => {
  await expect(changed((tensors) => tensors.delete(name))).rejects.toThrow(
    `model.safetensors: tensor '${name}' is missing; config.json calls for it`
  )
  const taller = [(shape[0] ?? 0) + 1, ...shape.slice(1)]
  const other = storedTensor(new Float32Array(taller.reduce((a, b) => a * b)), taller)
  await expect(changed((tensors) => tensors.set(name, other))).rejects.toThrow(
    `model.safetensors: tensor '${name}' has shape [${taller.join(', ')}], but config.json calls for [${shape.join(', ')}]`
  )
})

test('a foreign tensor is named; those that repeat what is known are passed over', async () => {
  const extra = (name: string) => changed((tensors) => tensors.set(name, storedTensor(new Float32Array(1), [1])))
  await expect(extra('model.layers.1.input_layernorm.weight')).rejects.toThrow(
    "tensor 'model.layers.1.input_layernorm.weight' has no place in a qwen2_moe model"
  )
  await expect(extra('model.layers.0.self_attn.rotary_emb.inv_freq')).resolves.toBeInstanceOf(Float32Array)
  await expect(extra('lm_head.weight')).resolves.toBeInstanceOf(Float32Array)
})

async function read(architecture: Architecture, bytes: Uint8Array): Promise<Float32Array> {
  return readWeights(architecture, await openTensorStore([byteSource('model.safetensors', bytes)]))
}

async function changed(change: (tensors: Map<string, StoredTensor>) => unknown): Promise<Float32Array> {
  const tensors = new Map(readSafetensors(writeWeights(moe, new Float32Array(parameterLayout(moe).size))).tensors)
  change(tensors)
  return read(moe, writeSafetensors(tensors))
}
