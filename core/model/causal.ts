/** Positions and masks of causal attention. */
import type { Expression } from '../graph/expression'
import { constant } from '../graph/expression'
import { add, cast, greater, multiply, positionsOf, reshape, slice, subtract, unsqueeze } from '../graph/operators'
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

/**
 * The mask of attention that looks back over a window: as `mask`, and no token sees one that is `window` or more tokens
 * before it.
 * @param mask float32 `[tokens, keys]`; the keys are those of positions 0, 1, 2, ..., the last one that of the last token
 * @param positions int64 `[batch, tokens]`, the same in every sequence
 */
export function windowMask(mask: Expression, positions: Expression, window: number): Expression {
  const keys = positionsOf(reshape(slice(mask, 0, 1, 0), [-1]), 'float32')
  const own = cast(reshape(slice(positions, 0, 1, 0), [-1]), 'float32')
  const tooEarly = greater(subtract(unsqueeze(own, [1]), unsqueeze(keys, [0])), window - 1)
  return add(mask, multiply(cast(tooEarly, 'float32'), maskedScore))
}
