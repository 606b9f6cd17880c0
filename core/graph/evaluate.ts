/**
 * The reference evaluator: expressions computed in float64 by each operator's own definition. Slow and plain; every
 * backend is tested against it.
 */
import type { Expression, InputNode, Node } from './expression'
import { branchesOf, topologicalNodes } from './expression'
import { eachRowOperator, ifOperator } from './operators/control'
import type { Values } from './tensor'
import { values } from './tensor'

/**
 * Values of expressions.
 * @param inputs by input name; a missing one, or one of another type or shape, throws
 */
export function evaluate(outputs: readonly Expression[], inputs: Readonly<Record<string, Values>> = {}): Values[] {
  return evaluateWithin(outputs, inputs, { outer: new Map(), rows: [] })
}

/** The values around a branch or a body. */
interface Surroundings {
  /** Of the enclosing graph's nodes. */
  readonly outer: ReadonlyMap<Node, readonly Values[]>
  /** Of the row that a body is computed for, by input. */
  readonly rows: readonly Values[]
}

function evaluateWithin(
  outputs: readonly Expression[],
  inputs: Readonly<Record<string, Values>>,
  { outer, rows }: Surroundings
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
    else if (node.kind === 'row') known.set(node, rows.slice(node.index, node.index + 1))
    else if (node.operator === ifOperator) {
      const [condition] = node.inputs.map((each) => valueOf(each))
      const chosen = condition?.data[0] ? 'then_branch' : 'else_branch'
      const body = branchesOf(node).find(([name]) => name === chosen)?.[1]
      known.set(node, body ? evaluateWithin([body], inputs, { outer: known, rows: [] }) : [])
    } else if (node.operator === eachRowOperator) {
      const given = node.inputs.map((each) => rowsOf(valueOf(each)))
      const bodies = branchesOf(node).map(([, body]) => body)
      const computed = (given[0] ?? []).flatMap((_, row) => {
        const own = given.flatMap((each) => each[row] ?? [])
        return evaluateWithin(bodies, inputs, { outer: known, rows: own })
      })
      const [type] = node.types
      known.set(
        node,
        type
          ? [
              values(
                type.type,
                [computed.length, ...type.shape.slice(1)] as number[],
                computed.flatMap(({ data }) => [...data])
              )
            ]
          : []
      )
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

/** The rows of a tensor, along its first axis. */
function rowsOf({ type, shape: [count = 0, ...shape], data }: Values): Values[] {
  const size = shape.reduce((product, each) => product * each, 1)
  return Array.from({ length: count }, (_, row) => values(type, shape, data.slice(row * size, (row + 1) * size)))
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
