/** Quantised models on disk: what is opened again is what was measured. */

import { denseArchitecture, moeArchitecture } from '@core/arch/presets'
import type { TransformSpec } from '@core/compress'
import { storedModel, transformed } from '@core/compress/compress.fixture'
import { gridsOf, type StoredModel, storedBytes, storedModelOf } from '@core/compress/stored-model'
import { tokenizer } from '@core/corpus'
import { readSafetensors } from '@core/formats/safetensors'
import { architectures, clearWeights } from '@core/model/models.fixture'
import { openModel } from '@core/model/runnable-model'
import { modelFiles } from '@core/train/model-files'
import { expect, test } from 'vitest'

const filesOf = (model: StoredModel) => {
  const files = new Map(
    modelFiles(model.architecture, model.parameters, undefined, gridsOf(model)).map(({ name, content }) => [
      name,
      content
    ])
  )
  const file = (name: 'config.json' | 'model.safetensors' | 'tokenizer.json') => files.get(name) ?? new Uint8Array()
  return { config: file('config.json'), weights: file('model.safetensors'), tokenizer: file('tokenizer.json') }
}

const kinds = Object.entries(architectures).map(([name, architecture]) => [name, architecture] as const)
const specs: readonly TransformSpec[] = [
  { id: 'rtn', bits: 4, block: 32 },
  { id: 'rtn', bits: 3, block: 16, symmetric: true },
  { id: 'rtn', bits: 8, block: 16, routers: false },
  { id: 'rtn', bits: 2, block: 128 }
]

test.each(kinds)('%s: opened again, every weight is what was measured, bit for bit', async (_, kind) => {
  const architecture = { ...kind, vocabularySize: tokenizer.size, context: 64 }
  for (const spec of specs) {
    const model = await transformed(storedModel(architecture), spec)
    const opened = await openModel('packed', filesOf(model))
    expect(opened.architecture).toEqual(architecture)
    expect(opened.parameters).toEqual(model.parameters)
    expect(gridsOf(storedModelOf(opened))).toEqual(gridsOf(model))
    expect(storedBytes(storedModelOf(opened))).toBe(storedBytes(model))
  }
})

test('so are those of gptq, and experts that go after it take their columns of the router along', async () => {
  const architecture = moeArchitecture({ width: 16, experts: 4, expertWidth: 12, vocabularySize: tokenizer.size })
  const rounded = await transformed(storedModel(architecture), { id: 'gptq', bits: 3, block: 16 })
  const pruned = await transformed(rounded, { id: 'experts', keep: 3, by: 'random' })
  const sparse = await transformed(pruned, { id: 'magnitude', share: 0.5 })
  for (const model of [rounded, pruned, sparse]) {
    const opened = await openModel('packed', filesOf(model))
    expect(opened.parameters).toEqual(model.parameters)
    expect(gridsOf(storedModelOf(opened))).toEqual(gridsOf(model))
  }
})

const shapes = { width: 64, vocabularySize: tokenizer.size }
test.each([
  ['dense', 4, denseArchitecture(shapes)],
  ['dense', 3, denseArchitecture(shapes)],
  ['MoE', 8, moeArchitecture(shapes)],
  ['MoE', 4, moeArchitecture(shapes)]
])('%s of width 64 in %i bits: its file is within 1 %% of bits x weights and scales', async (_, bits, architecture) => {
  const model = await transformed(storedModel(architecture, clearWeights(architecture)), { id: 'rtn', bits })
  const data = [...readSafetensors(filesOf(model).weights).tensors.values()]
  const bytes = data.reduce((sum, each) => sum + each.data.length, 0)
  // Words and the shapes of matrices come on top, and the header, which is longer for these small ones.
  expect(bytes / storedBytes(model)).toBeGreaterThanOrEqual(1)
  expect(bytes / storedBytes(model)).toBeLessThan(1.01)
})
