/** ONNX Runtime in a worker, with what it found on this machine. */
import type { Backend } from '@core/runtime/backend'
import { createOnnxRuntimeBackend } from '@core/runtime/onnx-runtime'
import { engineFacts } from './engine-facts'
import type { EngineFacts, EngineOptions } from './protocol'
import { importRuntime } from './runtime'

/** Chooses backend and threads by what is asked for and what is here. Its program is loaded with the first graph. */
export async function startBackend(
  options: EngineOptions
): Promise<{ readonly backend: Backend; readonly facts: EngineFacts }> {
  const finding = engineFacts(options)
  // Only a GPU has to be found before the program is chosen.
  const chosen = options.backend === 'wasm' ? 'wasm' : (await finding).backend
  const [runtime, facts] = await Promise.all([importRuntime(chosen), finding])
  return { backend: createOnnxRuntimeBackend(runtime, { name: facts.backend, threads: facts.threads }), facts }
}
