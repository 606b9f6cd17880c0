/** The backends that ONNX Runtime gives: WASM and WebGPU in the app, native in the terminal. */
import type { Env, InferenceSession, InferenceSessionFactory, Tensor, TensorConstructor } from 'onnxruntime-common'
import type { Expression } from '../graph/expression'
import { serialise } from '../graph/onnx'
import type { ElementType } from '../graph/tensor'
import type { Backend, HostData, HostTensor, Session } from './backend'
import type { SessionPool } from './session-pool'

/**
 * The part of the ONNX Runtime module used here. The faces pass the module (`onnxruntime-web` in the worker,
 * `onnxruntime-node` in the terminal), because core imports neither.
 */
export interface OnnxRuntime {
  readonly env: Env
  readonly InferenceSession: InferenceSessionFactory
  readonly Tensor: TensorConstructor
}

export interface OnnxRuntimeOptions {
  readonly name: 'wasm' | 'webgpu' | 'native'
  readonly threads: number
  /** WebGPU only: fail when an operator would silently run on the CPU. */
  readonly forbidFallback?: boolean
  /** Sessions are taken from it and given back to it; by default each is made, and released, by itself. */
  readonly pool?: SessionPool
}

const providers = { wasm: 'wasm', webgpu: 'webgpu', native: 'cpu' } as const

export function createOnnxRuntimeBackend(runtime: OnnxRuntime, options: OnnxRuntimeOptions): Backend {
  const { name, threads, forbidFallback = false, pool } = options
  runtime.env.logLevel = 'error'
  if (name !== 'native') runtime.env.wasm.numThreads = threads
  const sessionOptions: InferenceSession.SessionOptions = {
    executionProviders: [providers[name]],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    // Numbers below 1e-38 slow the CPU down and mean nothing here.
    extra: {
      session: { set_denormal_as_zero: '1', ...(forbidFallback ? { disable_cpu_ep_fallback: '1' } : {}) }
    }
  }
  return {
    name,
    threads,
    load: async (outputs) => {
      const graph = serialise(outputs)
      const make = () => runtime.InferenceSession.create(graph, sessionOptions)
      const session = await (pool ? pool.take(graph, make) : make())
      return wrap(runtime, session, outputs, () => (pool ? pool.giveBack(graph, session) : session.release()))
    }
  }
}

function wrap(
  runtime: OnnxRuntime,
  session: InferenceSession,
  outputs: Readonly<Record<string, Expression>>,
  release: Session['release']
): Session {
  const names = Object.keys(outputs)
  return {
    run: async (inputs) => {
      const feeds: Record<string, Tensor> = {}
      for (const name in inputs) {
        const { type, data, shape } = inputs[name] as HostTensor
        feeds[name] = new runtime.Tensor(type, data, shape)
      }
      const found = await session.run(feeds)
      const read: Record<string, HostTensor> = {}
      for (const name of names) {
        const tensor = found[name]
        if (!tensor) throw new Error(`ONNX Runtime returned no output '${name}'`)
        // Only a tensor on the GPU needs waiting for: a decode step is short enough to feel every await.
        const data = tensor.location === 'cpu' ? tensor.data : await tensor.getData(true)
        read[name] = { type: tensor.type as ElementType, shape: tensor.dims, data: data as HostData }
      }
      return read
    },
    release
  }
}
