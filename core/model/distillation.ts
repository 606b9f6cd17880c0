import type { Expression } from '../graph/expression'
import { exponential, logSoftmax, multiply, subtract, sum } from '../graph/operators'

/** The part of a teacher in what a student minimises: `(1 - share) cross-entropy + share distillation loss`. */
export interface Distillation {
  /** From 0, the text alone, to 1, the teacher alone. */
  readonly share: number
  /** Softens the probabilities of both; 1 leaves them as they are. */
  readonly temperature: number
}

/**
 * `T^2 KL(softmax(teacher / T) || softmax(student / T))`, mean nats per token: by `T^2` its gradient is of the same size
 * at every temperature (Hinton, Vinyals and Dean 2015, arXiv 1503.02531, section 2; the entropy of the teacher, which
 * their cross-entropy has besides, is a constant).
 *
 * @param student logits `[tokens, vocabulary]`
 * @param teacher logits of the same shape, a constant
 */
export function distillationLoss(student: Expression, teacher: Expression, temperature: number): Expression {
  const count = student.shape[0] as number
  const soft = (logits: Expression) => logSoftmax(multiply(logits, 1 / temperature))
  const target = soft(teacher)
  const divergence = sum(multiply(exponential(target), subtract(target, soft(student))))
  return multiply(divergence, temperature ** 2 / count)
}
