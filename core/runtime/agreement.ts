/** Deviation of a backend from the reference evaluator, as the tests of all backends measure it. */
import type { Expression } from '../graph/expression'
import { topologicalNodes } from '../graph/expression'
import { operatorCases } from '../graph/operators/cases'
import { graphOf } from '../graph/operators/cases/case'
import type { Values } from '../graph/tensor'
import type { Backend, HostTensor, HostTensors } from './backend'
import { createReferenceBackend, tensorOf } from './reference'

/** Every operator, forward and backward, as graphs to run. */
export const operatorGraphs = Object.entries(operatorCases).flatMap(([operator, cases]) =>
  cases.map((each) => ({
    name: `${operator}: ${each.name}`,
    outputs: graphOf(each),
    inputs: each.inputs,
    cpuOnly: each.cpuOnly
  }))
)

/**
 * The largest error of any output of a graph, relative to the largest magnitude of that output by the reference
 * evaluator. Throws when an output has another type or shape.
 */
export async function disagreement(
  backend: Backend,
  outputs: Readonly<Record<string, Expression>>,
  inputs: Readonly<Record<string, Values>>
): Promise<number> {
  const [found, expected] = await Promise.all(
    [backend, createReferenceBackend()].map((each) => run(each, outputs, inputs))
  )
  return Math.max(...Object.keys(outputs).map((name) => relativeError(name, found?.[name], expected?.[name])))
}

/** Runs a graph once, with those of the inputs that it has. */
export async function run(
  backend: Backend,
  outputs: Readonly<Record<string, Expression>>,
  inputs: Readonly<Record<string, Values>>
): Promise<HostTensors> {
  const session = await backend.load(outputs)
  try {
    return await session.run(hostInputs(outputs, inputs))
  } finally {
    await session.release()
  }
}

/** The largest difference of two tensors relative to the largest magnitude of the expected one; NaN is infinitely wrong. */
function relativeError(name: string, found: HostTensor | undefined, expected: HostTensor | undefined): number {
  if (!found || !expected || describe(found) !== describe(expected)) {
    throw new Error(`output '${name}' must be ${describe(expected)}, not ${describe(found)}`)
  }
  const [actual, wanted] = [numbers(found), numbers(expected)]
  const largest = wanted.reduce((most, each) => Math.max(most, Math.abs(each)), 0)
  const error = wanted.reduce((most, each, i) => {
    const difference = Math.abs(each - (actual[i] ?? Number.NaN))
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(most, difference)
  }, 0)
  return error / (largest || 1)
}

function describe(tensor: HostTensor | undefined): string {
  return tensor ? `${tensor.type}[${tensor.shape.join(', ')}]` : 'missing'
}

function numbers({ data }: HostTensor): number[] {
  return Array.from(data as ArrayLike<number | bigint>, Number)
}

function hostInputs(
  outputs: Readonly<Record<string, Expression>>,
  inputs: Readonly<Record<string, Values>>
): HostTensors {
  const used = topologicalNodes(Object.values(outputs)).flatMap((node) => (node.kind === 'input' ? [node.name] : []))
  const given = Object.entries(inputs).filter(([name]) => used.includes(name))
  return Object.fromEntries(given.map(([name, each]) => [name, tensorOf(each)]))
}
