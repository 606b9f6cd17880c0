import { input } from '../graph/expression'
import { negate } from '../graph/operators'
import type { Backend } from './backend'
import { createOnnxRuntimeBackend } from './onnx-runtime'

/** WebGPU for tests, here in software by SwiftShader: nothing may run on the CPU instead. */
export async function webgpuForTests(): Promise<Backend> {
  const runtime = await import('onnxruntime-web/jspi')
  const backend = createOnnxRuntimeBackend(runtime, { name: 'webgpu', threads: 1, forbidFallback: true })
  // ONNX Runtime forgets its compiled shaders with the last session; this one stays, so that each is compiled once.
  await backend.load({ y: negate(input('x', 'float32', [1])) })
  return backend
}
