/** Positions and masks of causal attention. */
import type { Expression } from '../graph/expression'
import { constant } from '../graph/expression'
import { cast, greater, multiply, unsqueeze } from '../graph/operators'
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

/** The same for positions known only at run time, int64 `[1, tokens]`: `[tokens, tokens]`. */
export function causalMaskOf(positions: Expression): Expression {
  const row = cast(positions, 'float32')
  const column = unsqueeze(cast(positions, 'float32'), [2])
  const later = greater(unsqueeze(row, [1]), column)
  return multiply(cast(later, 'float32'), maskedScore)
}
