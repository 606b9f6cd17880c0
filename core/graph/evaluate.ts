/**
 * The reference evaluator: expressions computed in float64 by each operator's own definition. Slow and plain; every
 * backend is tested against it.
 */
import type { Expression, InputNode, Node } from './expression'
import { branchesOf, topologicalNodes } from './expression'
import { ifOperator } from './operators/control'
import type { Values } from './tensor'
import { values } from './tensor'

/**
 * Values of expressions.
 * @param inputs by input name; a missing one, or one of another type or shape, throws
 */
export function evaluate(outputs: readonly Expression[], inputs: Readonly<Record<string, Values>> = {}): Values[] {
  return evaluateWithin(outputs, inputs, new Map())
}

function evaluateWithin(
  outputs: readonly Expression[],
  inputs: Readonly<Record<string, Values>>,
  outer: ReadonlyMap<Node, readonly Values[]>
): Values[] {
  const known = new Map<Node, readonly Values[]>()
  const valueOf = (each: Expression, among: ReadonlyMap<Node, readonly Values[]> = known): Values => {
    const found = among.get(each.node)?.[each.output]
    if (!found) throw new Error('an expression was used before it was computed')
    return found
  }
  for (const node of topologicalNodes(outputs)) {
    if (node.kind === 'input') known.set(node, [requireInput(node, inputs)])
    else if (node.kind === 'constant') known.set(node, [values(node.type, node.shape, node.data)])
    else if (node.kind === 'capture') known.set(node, [valueOf(node.captured, outer)])
    else if (node.operator === ifOperator) {
      const [condition] = node.inputs.map((each) => valueOf(each))
      const chosen = condition?.data[0] ? 'then_branch' : 'else_branch'
      const body = branchesOf(node).find(([name]) => name === chosen)?.[1]
      known.set(node, body ? evaluateWithin([body], inputs, known) : [])
    } else {
      known.set(
        node,
        node.operator.evaluate(
          node.inputs.map((each) => valueOf(each)),
          node.attributes
        )
      )
    }
  }
  return outputs.map((each) => valueOf(each))
}

function requireInput({ name, type }: InputNode, inputs: Readonly<Record<string, Values>>): Values {
  const found = inputs[name]
  if (!found) throw new Error(`input '${name}' is missing; given: ${Object.keys(inputs).join(', ') || 'none'}`)
  const fits =
    found.type === type.type &&
    found.shape.length === type.shape.length &&
    type.shape.every((each, axis) => typeof each === 'string' || each === found.shape[axis])
  if (!fits) {
    const [wanted, given] = [type, found].map((each) => `${each.type}[${each.shape.join(', ')}]`)
    throw new Error(`input '${name}' must be ${wanted}, not ${given}`)
  }
  return found
}
