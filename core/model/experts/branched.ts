import type { MoeFeedForward } from '../../arch/architecture'
import type { Expression } from '../../graph/expression'
import { capture } from '../../graph/expression'
import { constantInteger, eachRow, ifThenElse, less, multiply, reshape, sum } from '../../graph/operators'
import { placesOf } from '../../routers/routing'
import type { ExpertPart } from '../../tensors/part'
import { expertNetwork, expertParts } from '../feed-forward'
import type { ExpertDispatch } from './dispatch'

/**
 * For one token and few large experts: each choice walks a binary tree of branches to its expert, which computes with
 * its own weights in place. No weight is copied, at the price of log2(experts) branches for each choice. The tree is in
 * the graph once for all choices, and holds the weights that are constants: a runtime packs those for its kernels, which
 * it does not do for what a branch captures.
 */
export const branchedExperts: ExpertDispatch = ({ x, routing, shape, weights, layer }) => {
  if (x.shape[0] !== 1) throw new Error('branched experts compute one token at a time')
  const places = placesOf(routing)
  const experts = Array.from({ length: shape.experts }, (_, e) => ({
    shape,
    parts: new Map(expertParts(shape).map((part) => [part, weights.expert(layer, part, e)] as const))
  }))
  const outputs = eachRow(
    [reshape(routing.experts, [places, 1]), reshape(routing.gates, [places, 1, 1])],
    ([index, gate]) => multiply(choose(index, capture(x), experts.map(inside)), gate)
  )
  return { output: sum(outputs, [0]), dropped: undefined }
}

interface ExpertWeights {
  readonly shape: MoeFeedForward
  readonly parts: ReadonlyMap<ExpertPart, Expression>
}

/** The output of `experts[index - first]`, in the graph where `index`, `x` and the weights are known. */
function choose(index: Expression, x: Expression, experts: readonly ExpertWeights[], first = 0): Expression {
  const [only] = experts
  if (experts.length === 1 && only) return expertNetwork(x, only.shape, (part) => partOf(only, part))
  const half = Math.ceil(experts.length / 2)
  const branch = (part: readonly ExpertWeights[], from: number) =>
    choose(capture(index), capture(x), part.map(inside), from)
  return ifThenElse(
    less(index, constantInteger(first + half)),
    branch(experts.slice(0, half), first),
    branch(experts.slice(half), first + half)
  )
}

/** The weights as a branch or a body reaches them: constants stand in it, all else is captured. */
function inside({ shape, parts }: ExpertWeights): ExpertWeights {
  const reached = Array.from(
    parts,
    ([name, each]) => [name, each.node.kind === 'constant' ? each : capture(each)] as const
  )
  return { shape, parts: new Map(reached) }
}

function partOf({ parts }: ExpertWeights, name: ExpertPart): Expression {
  const found = parts.get(name)
  if (!found) throw new Error(`an expert has no parameter '${name}'`)
  return found
}
