import { evaluate } from '../graph/evaluate'
import type { Values } from '../graph/tensor'
import type { Backend, HostData, HostTensor } from './backend'

/** Runs graphs in float64 by the operators' own definitions. Slow; for tests. */
export function createReferenceBackend(): Backend {
  return {
    name: 'reference',
    threads: 1,
    load: async (outputs) => ({
      run: async (inputs) => {
        const given = Object.fromEntries(Object.entries(inputs).map(([name, each]) => [name, valuesOf(each)]))
        const computed = evaluate(Object.values(outputs), given)
        return Object.fromEntries(Object.keys(outputs).map((name, i) => [name, tensorOf(computed[i] as Values)]))
      },
      release: async () => {}
    })
  }
}

function valuesOf({ type, shape, data }: HostTensor): Values {
  return { type, shape, data: Float64Array.from(data as ArrayLike<number | bigint>, Number) }
}

/** A tensor of the evaluator as backends give it, in its own element type. */
export function tensorOf({ type, shape, data }: Values): HostTensor {
  const converted: Record<typeof type, () => HostData> = {
    float32: () => Float32Array.from(data),
    int32: () => Int32Array.from(data),
    int64: () => BigInt64Array.from(data, BigInt),
    bool: () => Uint8Array.from(data),
    uint8: () => Uint8Array.from(data)
  }
  return { type, shape, data: converted[type]() }
}
