import type { Expression } from '../graph/expression'
import { add, gatherElements, zerosLike } from '../graph/operators'

/** Gates that average the outputs of the chosen experts, int64 `[tokens, k]`: 1/k each, `[tokens, k]`. */
export function evenGates(logits: Expression, experts: Expression): Expression {
  return add(zerosLike(gatherElements(logits, experts, 1)), 1 / (experts.shape[1] as number))
}
