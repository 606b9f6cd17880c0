import type { EngineFacts, EngineOptions } from './protocol'

/** The cores, memory and GPU of this browser, and those that an engine with these options would take. */
export async function engineFacts({ backend, threads }: EngineOptions): Promise<EngineFacts> {
  const isolated = globalThis.crossOriginIsolated
  const cores = navigator.hardwareConcurrency
  const maxThreads = isolated ? cores : 1
  // Browsers count hyper-threads; a core stays free for the screen.
  const usual = Math.max(1, Math.floor(cores / 2) - 1)
  const webgpu = 'Suspending' in WebAssembly && Boolean(await navigator.gpu?.requestAdapter().catch(() => null))
  return {
    backend: webgpu ? backend : 'wasm',
    threads: Math.min(threads === 0 ? usual : threads, maxThreads),
    maxThreads,
    isolated,
    webgpu
  }
}
