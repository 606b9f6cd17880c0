/** ONNX Runtime in a worker, with what it found on this machine. */
import type { Backend } from '@core/runtime/backend'
import { createOnnxRuntimeBackend } from '@core/runtime/onnx-runtime'
import type { EngineFacts, EngineOptions } from './protocol'
import { importRuntime } from './runtime'

/** Chooses backend and threads by what is asked for and what is here. Its program is loaded with the first graph. */
export async function startBackend(
  options: EngineOptions
): Promise<{ readonly backend: Backend; readonly facts: EngineFacts }> {
  const finding = probe(options)
  // Only a GPU has to be found before the program is chosen.
  const chosen = options.backend === 'wasm' ? 'wasm' : (await finding).backend
  const [runtime, facts] = await Promise.all([importRuntime(chosen), finding])
  return { backend: createOnnxRuntimeBackend(runtime, { name: facts.backend, threads: facts.threads }), facts }
}

async function probe({ backend, threads }: EngineOptions): Promise<EngineFacts> {
  const isolated = globalThis.crossOriginIsolated
  const cores = navigator.hardwareConcurrency
  const mostThreads = isolated ? cores : 1
  // Browsers count hyper-threads; a core stays free for the screen.
  const usual = Math.max(1, Math.floor(cores / 2) - 1)
  const webgpu = 'Suspending' in WebAssembly && Boolean(await navigator.gpu?.requestAdapter().catch(() => null))
  return {
    backend: webgpu ? backend : 'wasm',
    threads: Math.min(threads === 0 ? usual : threads, mostThreads),
    mostThreads,
    isolated,
    webgpu
  }
}
