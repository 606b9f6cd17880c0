import type { MoeFeedForward } from '../../arch/architecture'
import type { Expression } from '../../graph/expression'
import { capture } from '../../graph/expression'
import { add, constantInteger, ifThenElse, less, multiply, reshape, slice } from '../../graph/operators'
import { placesOf } from '../../routers/routing'
import type { ExpertPart } from '../../tensors/part'
import { expertNetwork, expertParts } from '../feed-forward'
import type { ExpertDispatch } from './dispatch'

/**
 * For one token and few large experts: each choice walks a binary tree of branches to its expert, which computes with
 * its own weights in place. No weight is copied, at the price of log2(experts) branches for each choice.
 */
export const branchedExperts: ExpertDispatch = ({ x, routing, shape, weights, layer }) => {
  if (x.shape[0] !== 1) throw new Error('branched experts compute one token at a time')
  const experts = Array.from({ length: shape.experts }, (_, e) => ({
    shape,
    parts: new Map(expertParts(shape).map((part) => [part, weights.expert(layer, part, e)] as const))
  }))
  const outputs = Array.from({ length: placesOf(routing) }, (_, choice) => {
    const index = reshape(slice(routing.experts, choice, choice + 1, 1), [1])
    const gate = slice(routing.gates, choice, choice + 1, 1)
    return multiply(choose(index, x, experts), gate)
  })
  return { output: outputs.reduce(add), dropped: undefined }
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
  const branch = (part: readonly ExpertWeights[], from: number) => {
    const inside = part.map(({ shape, parts }) => ({
      shape,
      parts: new Map(Array.from(parts, ([name, each]) => [name, capture(each)] as const))
    }))
    return choose(capture(index), capture(x), inside, from)
  }
  return ifThenElse(
    less(index, constantInteger(first + half)),
    branch(experts.slice(0, half), first),
    branch(experts.slice(half), first + half)
  )
}

function partOf({ parts }: ExpertWeights, name: ExpertPart): Expression {
  const found = parts.get(name)
  if (!found) throw new Error(`an expert has no parameter '${name}'`)
  return found
}
