import type { Expression, Node } from './expression'
import { scalar, topologicalNodes } from './expression'
import { add } from './operators/elementwise'
import { sumTo } from './operators/reduce'
import { zerosLike } from './operators/shape'

/**
 * Gradients of a scalar with respect to expressions, by reverse-mode differentiation over the same operators.
 *
 * @param loss float32 scalar
 * @param sources float32 expressions; one that the loss does not depend on gets zeros
 * @param seed gradient of what lies beyond with respect to the loss, 1 by default
 * @throws when the loss depends on a source through an operator that has no gradient
 */
export function gradients(
  loss: Expression,
  sources: readonly Expression[],
  seed: Expression = scalar(1)
): Expression[] {
  const nodes = topologicalNodes([loss])
  const needed = dependents(nodes, sources)
  const flowing = new Map<Node, (Expression | undefined)[]>()
  const flow = (to: Expression, gradient: Expression): void => {
    const held = flowing.get(to.node) ?? []
    const before = held[to.output]
    held[to.output] = before ? add(before, gradient) : gradient
    flowing.set(to.node, held)
  }
  flow(loss, seed)
  for (const node of nodes.toReversed()) {
    const outputGradients = flowing.get(node)
    if (node.kind !== 'operator' || !outputGradients || !needed.has(node)) continue
    if (!node.operator.gradient) throw new Error(`${node.operator.name} has no gradient, but the loss depends on it`)
    const outputs = node.types.map((type, output) => ({ node, output, ...type }))
    const given = outputs.map((_, output) => outputGradients[output])
    const found = node.operator.gradient({
      inputs: node.inputs,
      outputs,
      attributes: node.attributes,
      outputGradients: given
    })
    node.inputs.forEach((each, index) => {
      const gradient = found[index]
      if (gradient && needed.has(each.node)) flow(each, sumTo(gradient, each.shape))
    })
  }
  return sources.map((source) => flowing.get(source.node)?.[source.output] ?? zerosLike(source))
}

/** Nodes whose float values depend on a source: only through these do gradients flow. */
function dependents(nodes: readonly Node[], sources: readonly Expression[]): Set<Node> {
  const found = new Set<Node>(sources.map((source) => source.node))
  for (const node of nodes) {
    if (node.kind === 'operator' && node.inputs.some((each) => each.type === 'float32' && found.has(each.node))) {
      found.add(node)
    }
  }
  return found
}
