/** The graphs that generate text on WebGPU (here SwiftShader), with the fallback to the CPU forbidden. */
import { expect, test } from 'vitest'
import type { Values } from '../graph/tensor'
import { values } from '../graph/tensor'
import { chooseDispatch } from '../model/experts/choose'
import { decode, prefill, uniformAttention } from '../model/inference'
import { architectures, clearWeights } from '../model/models.fixture'
import { constantWeights } from '../model/weights'
import { disagreement } from '../runtime/agreement'
import { webgpuForTests } from '../runtime/webgpu.fixture'

// The one that has all there is, dense and MoE layers: SwiftShader takes many seconds to compile a graph.
const [architecture] = Object.values(architectures).slice(-1) as [(typeof architectures)[string]]
const { keyValueHeads, headSize } = uniformAttention(architecture)
const cacheShape = [2 * architecture.layers.length, keyValueHeads, 8, headSize]

const prompt: Record<string, Values> = {
  tokens: values('int32', [5], [3, 1, 4, 1, 5]),
  positions: values('int64', [1, 5], [0, 1, 2, 3, 4])
}

const next: Record<string, Values> = {
  tokens: values('int32', [1], [9]),
  positions: values('int64', [1, 1], [5]),
  cache: values(
    'float32',
    cacheShape,
    Float32Array.from({ length: cacheShape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i))
  ),
  mask: values('float32', [1, 9], [0, 0, 0, 0, 0, -1e9, -1e9, -1e9, 0])
}

test.each([
  ['prefill', prefill, prompt],
  ['decode', decode, next]
] as const)('%s', async (phase, build, inputs) => {
  const backend = await webgpuForTests()
  const weights = constantWeights(architecture, clearWeights(architecture))
  const graph = build(architecture, weights, chooseDispatch(architecture, 'gpu', phase))
  expect(await disagreement(backend, graph, inputs)).toBeLessThan(1e-4)
})
