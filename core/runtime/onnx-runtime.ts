/** The backends that ONNX Runtime gives: WASM and WebGPU in the app, native in the terminal. */
import type { Env, InferenceSession, InferenceSessionFactory, Tensor, TensorConstructor } from 'onnxruntime-common'
import type { Expression } from '../graph/expression'
import { serialise } from '../graph/onnx'
import type { ElementType } from '../graph/tensor'
import type { Backend, HostData, HostTensor, HostTensors, Session } from './backend'

/**
 * The part of the ONNX Runtime module used here. The faces pass the module (`onnxruntime-web/jspi` in the worker,
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
}

const providers = { wasm: 'wasm', webgpu: 'webgpu', native: 'cpu' } as const

export function createOnnxRuntimeBackend(runtime: OnnxRuntime, options: OnnxRuntimeOptions): Backend {
  const { name, threads, forbidFallback = false } = options
  runtime.env.logLevel = 'error'
  if (name !== 'native') runtime.env.wasm.numThreads = threads
  const sessionOptions: InferenceSession.SessionOptions = {
    executionProviders: [providers[name]],
    // The arena keeps every buffer apart; the system's allocator reuses warm memory: a native train step takes 0.7 x.
    ...(name === 'native' ? { enableCpuMemArena: false } : {}),
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Numbers below 1e-38 slow the CPU down and mean nothing here.
    extra: {
      session: { set_denormal_as_zero: '1', ...(forbidFallback ? { disable_cpu_ep_fallback: '1' } : {}) }
    }
  }
  return {
    name,
    threads,
    load: async (outputs) => {
      const session = await runtime.InferenceSession.create(serialise(outputs), sessionOptions)
      return wrap(runtime, session, outputs)
    }
  }
}

function wrap(runtime: OnnxRuntime, session: InferenceSession, outputs: Readonly<Record<string, Expression>>): Session {
  return {
    run: async (inputs) => {
      const found = await session.run(feeds(runtime, inputs))
      const read = Object.keys(outputs).map(async (name) => [name, await hostTensor(name, found[name])] as const)
      return Object.fromEntries(await Promise.all(read))
    },
    release: () => session.release()
  }
}

function feeds(runtime: OnnxRuntime, inputs: HostTensors): Record<string, Tensor> {
  const made: Record<string, Tensor> = {}
  for (const [name, { type, data, shape }] of Object.entries(inputs)) {
    made[name] = new runtime.Tensor(type, data, shape)
  }
  return made
}

async function hostTensor(name: string, tensor: Tensor | undefined): Promise<HostTensor> {
  if (!tensor) throw new Error(`ONNX Runtime returned no output '${name}'`)
  const data = tensor.location === 'cpu' ? tensor.data : await tensor.getData(true)
  return { type: tensor.type as ElementType, shape: tensor.dims, data: data as HostData }
}
