import type { Attributes, Expression } from './expression'
import type { TensorType, Values } from './tensor'

/**
 * One operator: everything that Moescope knows of it stands in one object. To add one, write such an object and a
 * function that applies it in a file of `operators/`, and a case in the file of the same name in `operators/cases/`;
 * every backend is then tested on it.
 */
export interface Operator {
  /** Its name here; the ONNX operator type unless `onnx` says otherwise. */
  readonly name: string
  /** Types of the outputs; throws when the inputs do not fit. */
  infer(inputs: readonly TensorType[], attributes: Attributes): TensorType[]
  /** The outputs' values in float64: the definition that all backends are tested against. */
  evaluate(inputs: readonly Values[], attributes: Attributes): Values[]
  /**
   * Gradients of a scalar with respect to each input, given those with respect to the outputs; undefined where an
   * input has none (integers, masks). Where an input was broadcast, its gradient may be given for the broadcast shape:
   * it is summed back. Absent: nothing differentiable passes through.
   */
  gradient?(site: GradientSite): readonly (Expression | undefined)[]
  /** ONNX form, where it differs from the name and attributes. */
  onnx?(attributes: Attributes, inputs: readonly TensorType[]): OnnxForm
}

export interface GradientSite {
  readonly inputs: readonly Expression[]
  readonly outputs: readonly Expression[]
  readonly attributes: Attributes
  /** One per output; undefined where nothing depends on that output. */
  readonly outputGradients: readonly (Expression | undefined)[]
}

export interface OnnxForm {
  readonly type?: string
  readonly domain?: 'com.microsoft'
  /** Constant inputs written after the given ones: axes, shapes, sizes. */
  readonly constants?: readonly Values[]
  /** Number of the expression's inputs to write; all by default. */
  readonly inputs?: number
  readonly attributes?: Attributes
}

/** An integer attribute; throws when it is missing. */
export function integer(attributes: Attributes, name: string): number {
  const found = attributes[name]
  if (typeof found !== 'number') throw new Error(`attribute '${name}' is missing`)
  return found
}

/** A list-of-integers attribute; throws when it is missing. */
export function integers(attributes: Attributes, name: string): readonly number[] {
  const found = attributes[name]
  if (!Array.isArray(found)) throw new Error(`attribute '${name}' is missing`)
  return found as readonly number[]
}

/** A float attribute; throws when it is missing. */
export function float(attributes: Attributes, name: string): number {
  const found = attributes[name]
  if (typeof found !== 'object' || !('float' in found)) throw new Error(`attribute '${name}' is missing`)
  return found.float
}

/** The input at a position; throws when there is none. */
export function at<T>(list: readonly T[], index: number): T {
  const found = list[index]
  if (found === undefined) throw new Error(`input ${index} is missing`)
  return found
}
