import type { Expression } from '../../graph/expression'
import { capture } from '../../graph/expression'
import { add, constantInteger, ifThenElse, less, multiply, reshape, slice } from '../../graph/operators'
import { placesOf } from '../../routers/routing'
import { swiGlu } from '../feed-forward'
import type { ExpertDispatch } from './dispatch'

/**
 * For one token and few large experts: each choice walks a binary tree of branches to its expert, which computes with
 * its own weights in place. No weight is copied, at the price of log2(experts) branches for each choice.
 */
export const branchedExperts: ExpertDispatch = ({ x, routing, shape, weights, layer }) => {
  if (x.shape[0] !== 1) throw new Error('branched experts compute one token at a time')
  const gateUp = Array.from({ length: shape.experts }, (_, e) => weights.expert(layer, 'expert_gate_up', e))
  const down = Array.from({ length: shape.experts }, (_, e) => weights.expert(layer, 'expert_down', e))
  const experts = gateUp.map((each, e) => ({ gateUp: each, down: down[e] as Expression }))
  const outputs = Array.from({ length: placesOf(routing) }, (_, choice) => {
    const index = reshape(slice(routing.experts, choice, choice + 1, 1), [1])
    const gate = slice(routing.gates, choice, choice + 1, 1)
    return multiply(choose(index, x, experts), gate)
  })
  return { output: outputs.reduce(add), dropped: undefined }
}

interface ExpertWeights {
  readonly gateUp: Expression
  readonly down: Expression
}

/** The output of `experts[index - first]`, in the graph where `index`, `x` and the weights are known. */
function choose(index: Expression, x: Expression, experts: readonly ExpertWeights[], first = 0): Expression {
  const [only] = experts
  if (experts.length === 1 && only) return swiGlu(x, only.gateUp, only.down)
  const half = Math.ceil(experts.length / 2)
  const branch = (part: readonly ExpertWeights[], from: number) => {
    const inside = part.map((each) => ({ gateUp: capture(each.gateUp), down: capture(each.down) }))
    return choose(capture(index), capture(x), inside, from)
  }
  return ifThenElse(
    less(index, constantInteger(first + half)),
    branch(experts.slice(0, half), first),
    branch(experts.slice(half), first + half)
  )
}
