/** The operators on WebGPU (here SwiftShader) with the fallback to the CPU forbidden, so that nothing leaves the GPU. */
import { beforeAll, expect, test } from 'vitest'
import { disagreement, operatorGraphs } from './agreement'
import type { Backend } from './backend'
import { createOnnxRuntimeBackend } from './onnx-runtime'
import { webgpuForTests } from './webgpu.fixture'

let webgpu: Backend
let wasm: Backend

beforeAll(async () => {
  webgpu = await webgpuForTests()
  const runtime = await import('onnxruntime-web/jspi')
  wasm = createOnnxRuntimeBackend(runtime, { name: 'wasm', threads: 1 })
})

test.each(operatorGraphs.filter((each) => each.cpuOnly === undefined))('$name', async ({ outputs, inputs }) => {
  expect(await disagreement(webgpu, outputs, inputs)).toBeLessThan(1e-5)
})

test.each(operatorGraphs.filter((each) => each.cpuOnly !== undefined))(
  '$name is rightly listed as one for the CPU: $cpuOnly',
  async ({ outputs, inputs }) => {
    const error = await disagreement(webgpu, outputs, inputs).catch((refusal: unknown) => refusal)
    if (typeof error === 'number') expect(error).toBeGreaterThan(1e-5)
    else expect(String(error)).toContain('fallback to CPU EP has been explicitly disabled')
  }
)

test.each(operatorGraphs)('$name, WASM in the browser', async ({ outputs, inputs }) => {
  expect(await disagreement(wasm, outputs, inputs)).toBeLessThan(1e-5)
})
