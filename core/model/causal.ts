/** Positions and masks of causal attention. */
import type { Expression } from '../graph/expression'
import { constant } from '../graph/expression'
import { cast, greater, multiply, positionsOf, unsqueeze } from '../graph/operators'
import { values } from '../graph/tensor'

/** Added to the score of a pair that must not see each other: exp() of it is 0, yet no infinity enters a product. */
export const maskedScore = -1e9

/** Positions 0, 1, 2, ... of every sequence: int64 `[batch, context]`. */
export function sequencePositions(batch: number, context: number): Expression {
  return constant(
    values(
      'int64',
      [batch, context],
      Array.from({ length: batch * context }, (_, i) => i % context)
    )
  )
}

/** The mask of whole sequences, `[context, context]`: no token sees a later one. */
export function causalMask(context: number): Expression {
  return constant(
    values(
      'float32',
      [context, context],
      Array.from({ length: context ** 2 }, (_, i) => (i % context > Math.floor(i / context) ? maskedScore : 0))
    )
  )
}

/** The same for as many tokens as there are at run time, int32 `[tokens]`: `[tokens, tokens]`. */
export function causalMaskOf(tokens: Expression): Expression {
  const row = positionsOf(tokens, 'float32')
  const later = greater(unsqueeze(row, [0]), unsqueeze(row, [1]))
  return multiply(cast(later, 'float32'), maskedScore)
}
