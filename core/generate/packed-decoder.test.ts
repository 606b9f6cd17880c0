/** Quantised models that compute from their codes, against the same models with the floats that the codes stand for. */
import * as native from 'onnxruntime-node'
import * as wasm from 'onnxruntime-web'
import { expect, test } from 'vitest'
import type { Architecture } from '../arch/architecture'
import { denseArchitecture, moeArchitecture } from '../arch/presets'
import { tokenizer } from '../corpus'
import { serialise } from '../graph/onnx'
import { branchedExperts } from '../model/experts/branched'
import { decode } from '../model/inference'
import { clearWeights } from '../model/models.fixture'
import { parameterLayout } from '../model/parameters'
import type { RunnableModel } from '../model/runnable-model'
import { constantWeights } from '../model/weights'
import { createOnnxRuntimeBackend } from '../runtime/onnx-runtime'
import { createReferenceBackend } from '../runtime/reference'
import { blockScale, codeOf, type MatrixGrid, valueOf } from '../tensors/grid'
import { createDecoder, type Reading } from './decoder'

const backends = [
  createReferenceBackend(),
  createOnnxRuntimeBackend(native, { name: 'native', threads: 1 }),
  createOnnxRuntimeBackend(wasm, { name: 'wasm', threads: 1 })
]
const shape = { width: 32, layers: 2, vocabularySize: tokenizer.size, context: 12 }
const models: readonly (readonly [string, Architecture])[] = [
  ['dense', denseArchitecture(shape)],
  ['MoE', moeArchitecture({ ...shape, experts: 4, expertWidth: 24 })]
]
const grids = [
  { bits: 4, block: 32, symmetric: false },
  { bits: 4, block: 16, symmetric: true },
  { bits: 8, block: 32, symmetric: false }
]

test.each(models.flatMap(([kind, architecture]) => grids.map((grid) => ({ kind, architecture, grid }))))(
  '$kind, $grid.bits bits in blocks of $grid.block: logits as those of floats, on every backend',
  async ({ architecture, grid }) => {
    const model = rounded(architecture, grid)
    const expected = await logitsOf(createReferenceBackend(), model, false)
    const largest = Math.max(...expected.map(Math.abs))
    for (const backend of backends) {
      const found = await logitsOf(backend, model, true)
      const errors = found.map((logit, i) => Math.abs(logit - (expected[i] ?? Number.NaN)))
      expect(Math.max(...errors) / largest).toBeLessThan(1e-3)
    }
  }
)

test.each(models)('%s: the graph of a step holds codes instead of floats', (_, architecture) => {
  const { parameters, grids } = rounded(architecture, { bits: 4, block: 32, symmetric: false })
  const bytesOf = (of?: typeof grids) =>
    serialise(decode(architecture, constantWeights(architecture, parameters, of), branchedExperts)).length
  expect(bytesOf(grids)).toBeLessThan(bytesOf() / 2)
})

/** Logits after three tokens that are read at once and two that follow. */
async function logitsOf(backend: Parameters<typeof createDecoder>[0], model: RunnableModel, packed: boolean) {
  const decoder = await createDecoder(backend, model, { packed })
  const readings: Reading[] = [await decoder.prefill([3, 1, 4]), await decoder.step(1), await decoder.step(5)]
  await decoder.release()
  return readings.flatMap(({ logits }) => logits.flatMap((each) => [...each]))
}

/** A model whose matrices but for the embedding are rounded to a grid, block by block. */
function rounded(architecture: Architecture, grid: { bits: number; block: number; symmetric: boolean }): RunnableModel {
  const parameters = clearWeights(architecture)
  const own = new Map<string, MatrixGrid>()
  for (const { name, part, offset, size, shape: sizes } of parameterLayout(architecture).parameters) {
    const [inputs = 0, outputs = 0] = sizes
    if (sizes.length < 2 || part === 'embedding') continue
    const values = parameters.subarray(offset, offset + size)
    const [scales, zeros]: [number[], number[]] = [[], []]
    for (let output = 0; output < outputs; output++) {
      for (let first = 0; first < inputs; first += grid.block) {
        const places = Array.from(
          { length: Math.min(grid.block, inputs - first) },
          (_, i) => (first + i) * outputs + output
        )
        const scale = blockScale(
          places.map((place) => values[place] ?? Number.NaN),
          grid
        )
        for (const place of places) values[place] = valueOf(codeOf(values[place] ?? Number.NaN, scale, grid), scale)
        scales.push(scale.scale)
        zeros.push(scale.zero)
      }
    }
    own.set(name, { ...grid, scales: Float32Array.from(scales), zeros: Uint8Array.from(zeros) })
  }
  return { id: 'rounded', architecture, parameters, grids: own, tokenizer, report: undefined }
}
