import type { MoeFeedForward } from '../../arch/architecture'
import type { Expression } from '../../graph/expression'
import {
  add,
  argumentSort,
  cast,
  concatenate,
  constantInteger,
  divide,
  equal,
  greater,
  multiply,
  permuteRows,
  positionsOf,
  range,
  reshape,
  splitRows,
  sum,
  unsqueeze,
  where
} from '../../graph/operators'
import type { Routing } from '../../routers/routing'
import { placesOf } from '../../routers/routing'
import { expertNetwork } from '../feed-forward'
import type { ExpertDispatch } from './dispatch'

/**
 * Dropless, for many tokens on the CPU: the assignments are sorted by expert, each expert computes its own
 * consecutive rows, and the rows go back. Cost follows the active parameters, whatever the balance.
 */
export const groupedExperts: ExpertDispatch = ({ x, routing, shape, weights, layer }) => {
  const { order, token, slots, counts } = sortByExpert(routing, shape)
  const rows = splitRows(permuteRows(x, token, slots), counts)
  const computed = rows.map((each, e) =>
    // Behind the experts come the empty places: their rows go back as they are, and their gates are 0.
    e < shape.experts ? expertNetwork(each, shape, (part) => weights.expert(layer, part, e)) : each
  )
  const width = x.shape[1] as number
  const back = permuteRows(concatenate(computed, 0), reshape(slots, [-1]), unsqueeze(order, [1]))
  const perChoice = reshape(back, [-1, placesOf(routing), width])
  return { output: sum(multiply(perChoice, unsqueeze(routing.gates, [2])), [1]), dropped: undefined }
}

interface SortedAssignments {
  /** Sorted row -> assignment (`token * k + choice`): int64 `[tokens * k]`. */
  readonly order: Expression
  /** Sorted row -> token. */
  readonly token: Expression
  /** Token and choice -> sorted row: int64 `[tokens, k]`. */
  readonly slots: Expression
  /** Rows of each expert, and where places can be empty theirs: int64 `[experts]` or `[experts + 1]`. */
  readonly counts: Expression
}

/** More assignments than any graph has, so that a key holds an expert and an assignment. */
const keyStride = 2 ** 24

function sortByExpert(routing: Routing, { experts }: MoeFeedForward): SortedAssignments {
  const { experts: chosen, filled } = routing
  const k = placesOf(routing)
  const groups = filled ? experts + 1 : experts
  const assignments = reshape(filled ? where(greater(filled, 0), chosen, constantInteger(experts)) : chosen, [-1])
  const keys = add(multiply(assignments, constantInteger(keyStride)), positionsOf(assignments))
  const order = argumentSort(keys)
  const named = equal(unsqueeze(assignments, [1]), range(groups, 'int64'))
  return {
    order,
    token: k === 1 ? order : divide(order, constantInteger(k)),
    slots: reshape(argumentSort(order), [-1, k]),
    counts: sum(cast(named, 'int64'), [0])
  }
}
