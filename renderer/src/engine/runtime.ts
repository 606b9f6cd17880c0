/** The two programs of ONNX Runtime: the one that WebGPU needs does all, but a smaller one starts sooner. */
import type { OnnxRuntime } from '@core/runtime/onnx-runtime'

/**
 * ONNX Runtime for a backend. Its program comes with the first graph. The one for WebGPU (16.8 MB) suspends its calls
 * while the GPU works, which needs JSPI; the plain one (14.2 MB) runs in browsers without it, and has a third less of
 * the code that V8 compiles anew at every start: on two cores the first text comes after 2.2 to 2.9 s, not 2.9 to 3.6.
 */
export function importRuntime(backend: 'wasm' | 'webgpu'): Promise<OnnxRuntime> {
  // Imported when called: their threads hang when a worker imports them statically.
  return backend === 'wasm' ? import('onnxruntime-web/wasm') : import('onnxruntime-web/jspi')
}
