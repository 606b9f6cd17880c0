/** How closely a backend agrees with the reference evaluator: what the tests of all backends measure. */
import type { Expression } from '../graph/expression'
import { topologicalNodes } from '../graph/expression'
import type { Backend, HostTensor, HostTensors } from './backend'
import { createReferenceBackend } from './reference'

/**
 * The largest error of any output of a graph, relative to the largest magnitude of that output by the reference
 * evaluator. Throws when an output has another type or shape.
 * @param inputs those that the graph does not have are passed over
 */
export async function disagreement(
  backend: Backend,
  outputs: Readonly<Record<string, Expression>>,
  inputs: HostTensors
): Promise<number> {
  const given = inputsOf(outputs, inputs)
  const [found, expected] = await Promise.all([backend, createReferenceBackend()].map((each) => run(each, outputs, given)))
  return Math.max(...Object.keys(outputs).map((name) => relativeError(name, found?.[name], expected?.[name])))
}

/** Runs a graph once. */
export async function run(
  backend: Backend,
  outputs: Readonly<Record<string, Expression>>,
  inputs: HostTensors
): Promise<HostTensors> {
  const session = await backend.load(outputs)
  try {
    return await session.run(inputs)
  } finally {
    await session.release()
  }
}

/** The largest difference of two tensors relative to the largest magnitude of the expected one; NaN is infinitely wrong. */
export function relativeError(name: string, found: HostTensor | undefined, expected: HostTensor | undefined): number {
  const [have, want] = [found, expected].map((each) => each && `${each.type}[${each.shape.join(', ')}]`)
  if (!found || !expected || have !== want) throw new Error(`output '${name}' must be ${want}, not ${have}`)
  const [a, b] = [found, expected].map(({ data }) => Array.from(data as ArrayLike<number | bigint>, Number))
  const largest = b.reduce((most, each) => Math.max(most, Math.abs(each)), 0)
  const error = b.reduce((most, each, i) => {
    const difference = Math.abs(each - (a[i] ?? Number.NaN))
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(most, difference)
  }, 0)
  return error / (largest || 1)
}

function inputsOf(outputs: Readonly<Record<string, Expression>>, inputs: HostTensors): HostTensors {
  const used = topologicalNodes(Object.values(outputs)).flatMap((node) => (node.kind === 'input' ? [node.name] : []))
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => used.includes(name)))
}
