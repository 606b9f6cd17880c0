import { createRequire } from 'node:module'
import { availableParallelism, cpus } from 'node:os'
import type { Backend } from '@core/runtime/backend'
import type { OnnxRuntime } from '@core/runtime/onnx-runtime'
import { createOnnxRuntimeBackend } from '@core/runtime/onnx-runtime'
import type { SessionPool } from '@core/runtime/session-pool'

const require = createRequire(import.meta.url)

/** ONNX Runtime's native CPU backend, with sessions of a pool where there is one. */
export function nativeBackend(threads: number, pool?: SessionPool): Backend {
  return createOnnxRuntimeBackend(nativeRuntime(), { name: 'native', threads, ...(pool ? { pool } : {}) })
}

/** ONNX Runtime as a native library. */
export function nativeRuntime(): OnnxRuntime {
  return require('onnxruntime-node') as OnnxRuntime
}

/** ONNX Runtime as WASM, as in the app, for comparing with it. */
export function wasmRuntime(): Promise<OnnxRuntime> {
  return import('onnxruntime-web')
}

/** Threads by default: one less than this machine has, at least one. */
export function defaultThreads(): number {
  return Math.max(1, availableParallelism() - 1)
}

/** This machine in a few words, for the record. */
export function machineName(): string {
  const [first] = cpus()
  return `${first?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} threads, ${process.platform}`
}

/** Versions that a result depends on. */
export function versions(): Record<string, string> {
  const versionOf = (name: string) => (require(`${name}/package.json`) as { version: string }).version
  return { moescope: MOESCOPE_VERSION, onnxruntime: versionOf('onnxruntime-node'), node: process.versions.node }
}
