/** Choosing at run time what to compute. */
import type { Expression } from '../expression'
import { apply } from '../expression'
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
