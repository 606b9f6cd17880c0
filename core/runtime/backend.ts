import type { Expression } from '../graph/expression'
import type { ElementType } from '../graph/tensor'

/** Runs graphs. The reference backend is the oracle that the others are tested against. */
export type BackendName = 'wasm' | 'webgpu' | 'native' | 'reference'

/** A tensor in this program's memory, in its own element type. */
export interface HostTensor {
  readonly type: ElementType
  readonly shape: readonly number[]
  readonly data: HostData
}

/** float32 is a Float32Array, int32 an Int32Array, int64 a BigInt64Array, bool a Uint8Array. */
export type HostData = Float32Array | Int32Array | BigInt64Array | Uint8Array

export type HostTensors = Readonly<Record<string, HostTensor>>

/** Something that runs graphs. */
export interface Backend {
  readonly name: BackendName
  /** Threads that one graph may use. */
  readonly threads: number
  /** Prepares a graph, given as its named outputs. */
  load(outputs: Readonly<Record<string, Expression>>): Promise<Session>
}

/** A graph ready to run. */
export interface Session {
  /** Runs the graph once; all its outputs are returned. Throws when an input is missing or does not fit. */
  run(inputs: HostTensors): Promise<Readonly<Record<string, HostTensor>>>
  /** Frees what the graph holds. */
  release(): Promise<void>
}

/** Processor of a backend. */
export function processorOf({ name }: Backend): 'cpu' | 'gpu' {
  return name === 'webgpu' ? 'gpu' : 'cpu'
}

/** A float32 tensor. */
export function float32(data: Float32Array, shape: readonly number[] = [data.length]): HostTensor {
  return { type: 'float32', shape, data }
}

/** An int32 tensor. */
export function int32(data: Int32Array, shape: readonly number[] = [data.length]): HostTensor {
  return { type: 'int32', shape, data }
}

/** An int64 tensor of ordinary integers. */
export function int64(data: ArrayLike<number>, shape: readonly number[] = [data.length]): HostTensor {
  return { type: 'int64', shape, data: BigInt64Array.from(Array.from(data, BigInt)) }
}

/** The float32 output of a name; throws when the graph has none. */
export function floats(outputs: Readonly<Record<string, HostTensor>>, name: string): Float32Array {
  const found = outputs[name]
  if (!(found?.data instanceof Float32Array)) throw new Error(`the graph has no float32 output '${name}'`)
  return found.data
}
