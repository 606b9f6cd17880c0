/** A test case: an operator applied to named inputs of small random tensors. */
import { createRandom } from '../../../random'
import type { Expression } from '../../expression'
import { input } from '../../expression'
import { gradients } from '../../gradient'
import type { Shape, Values } from '../../tensor'
import { elementCount, values } from '../../tensor'
import { add, multiply } from '../elementwise'
import { sum } from '../reduce'

/** One way of applying an operator. */
export interface OperatorCase {
  readonly name: string
  readonly inputs: Readonly<Record<string, Values>>
  readonly outputs: readonly Expression[]
  /** The inputs that the float outputs can be differentiated by. */
  readonly sources: readonly Expression[]
  /** Reason for which WebGPU needs the CPU's help; undefined where it does not. */
  readonly cpuOnly: string | undefined
}

/** Cases by the function that applies the operator: every function of a file has some. */
export type CasesOf<File> = {
  readonly [Name in keyof File as File[Name] extends (...given: never[]) => unknown
    ? Name
    : never]: readonly OperatorCase[]
}

/** Gaps of ONNX Runtime 1.30 on WebGPU; a test in the browser notices when one is closed. */
export const int64Arithmetic = 'int64 is read as indices and written by TopK, but not computed with'
/** The same. */
export const noKernel = 'there is no kernel'

/** Options of a case that nothing differentiates. */
export const discrete = { sources: [] }

/** The outputs of a case and the gradients of its loss by its sources, by name: one graph that tests both. */
export function graphOf(each: OperatorCase): Record<string, Expression> {
  const outputs = each.outputs.map((output, i) => [`output_${i}`, output] as const)
  const found = each.sources.length > 0 ? gradients(lossOf(each), each.sources) : []
  return Object.fromEntries([...outputs, ...found.map((gradient, i) => [`gradient_${i}`, gradient] as const)])
}

/** A scalar that depends on every element of the float outputs, on each in its own way: `sum(y^2 + y)`. */
export function lossOf({ outputs }: OperatorCase): Expression {
  const floats = outputs.filter((each) => each.type === 'float32')
  return floats.map((each) => sum(multiply(each, add(each, 1)))).reduce((total, each) => add(total, each))
}

/** A tensor and, where the graph does not know it whole, its shape there. */
export type Given = Values & { readonly symbolic?: Shape }

interface Options<Name extends string> {
  readonly sources?: readonly Name[]
  readonly cpuOnly?: string
}

/**
 * A case.
 * @param build its outputs from its inputs
 * @param options `sources`: the float32 inputs that it is differentiated by, all by default
 */
export function applied<Name extends string>(
  name: string,
  inputs: Readonly<Record<Name, Given>>,
  build: (inputs: Readonly<Record<Name, Expression>>) => Expression | readonly Expression[],
  { sources, cpuOnly }: Options<NoInfer<Name>> = {}
): OperatorCase {
  const names = Object.keys(inputs) as Name[]
  const expressions = Object.fromEntries(
    names.map((each) => [each, input(each, inputs[each].type, inputs[each].symbolic ?? inputs[each].shape)])
  ) as Record<Name, Expression>
  const built = build(expressions)
  const differentiable = sources ?? names.filter((each) => inputs[each].type === 'float32')
  return {
    name,
    inputs,
    outputs: Array.isArray(built) ? built : [built as Expression],
    sources: differentiable.map((each) => expressions[each]),
    cpuOnly
  }
}

/** A tensor whose first dimension the graph does not know. */
export function unknown(given: Values, name = 'rows'): Given {
  return { ...given, symbolic: [name, ...given.shape.slice(1)] }
}

/** Normal random rows, of which the graph does not know how many there are. */
export function rows(...shape: number[]): Given {
  return unknown(normal(...shape))
}

const chance = createRandom(1, 'operators/cases')

/** Normal random numbers. */
export function normal(...shape: number[]): Values {
  return drawn(shape, () => chance.normal())
}

/** Random numbers from 0.5 to 1.5. */
export function positive(...shape: number[]): Values {
  return drawn(shape, () => 0.5 + chance.uniform())
}

function drawn(shape: readonly number[], draw: () => number): Values {
  return float32(
    shape,
    Array.from({ length: elementCount(shape) }, () => Math.fround(draw()))
  )
}

export function float32(shape: readonly number[], data: readonly number[]): Values {
  return values('float32', shape, data)
}

export function int32(shape: readonly number[], data: readonly number[]): Values {
  return values('int32', shape, data)
}

export function int64(shape: readonly number[], data: readonly number[]): Values {
  return values('int64', shape, data)
}

export function bool(shape: readonly number[], data: readonly number[]): Values {
  return values('bool', shape, data)
}
