/** Choosing at run time what to compute, and how often. */
import type { Expression } from '../expression'
import { apply, rowOf } from '../expression'
import type { Operator } from '../operator'

/**
 * One of two expressions of the same type, of which only the chosen one is computed. The branches reach the
 * enclosing graph through `capture`. For inference only: it has no gradient.
 * @param condition bool with one element
 */
export function ifThenElse(condition: Expression, whenTrue: Expression, whenFalse: Expression): Expression {
  return apply(ifOperator, [condition], { then_branch: whenTrue, else_branch: whenFalse })
}

/** The evaluator computes branches itself, because they need the values of what they capture. */
export const ifOperator: Operator = {
  name: 'If',
  infer: ([condition], { then_branch: yes, else_branch: no }) => {
    if (condition?.type !== 'bool') throw new Error('a boolean condition is needed')
    if (typeof yes !== 'object' || typeof no !== 'object' || !('node' in yes) || !('node' in no)) {
      throw new Error('two branches are needed')
    }
    if (yes.type !== no.type) throw new Error(`branches of types ${yes.type} and ${no.type} cannot be exchanged`)
    return [{ type: yes.type, shape: yes.shape }]
  },
  evaluate: () => {
    throw new Error('If is computed by the evaluator')
  }
}

/**
 * The same computation for each row (along the first axis) of expressions that have as many, `[n, ...]`, one after the
 * other; the results are stacked. The body is in the graph once, however many rows there are, and reaches the enclosing
 * graph through `capture`. For inference only: it has no gradient.
 */
export function eachRow<const Inputs extends readonly Expression[]>(
  inputs: Inputs,
  body: (rows: { readonly [Index in keyof Inputs]: Expression }) => Expression
): Expression {
  const rows = inputs.map(rowOf) as { readonly [Index in keyof Inputs]: Expression }
  return apply(eachRowOperator, inputs, { body: body(rows) })
}

/** The evaluator computes the body itself, as it does branches. */
export const eachRowOperator: Operator = {
  name: 'EachRow',
  infer: (inputs, { body }) => {
    if (typeof body !== 'object' || !('node' in body)) throw new Error('a body is needed')
    const [rows, ...others] = inputs.map(({ shape }) => shape[0])
    if (rows === undefined) throw new Error('an input with rows is needed')
    if (others.some((each) => each !== rows)) throw new Error('all inputs must have as many rows')
    return [{ type: body.type, shape: [rows, ...body.shape] }]
  },
  evaluate: () => {
    throw new Error('EachRow is computed by the evaluator')
  },
  onnx: ({ body }, inputs) => ({
    type: 'Scan',
    attributes: { ...(body === undefined ? {} : { body }), num_scan_inputs: inputs.length }
  })
}
