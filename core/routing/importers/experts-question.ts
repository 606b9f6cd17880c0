/** The number of experts of each MoE layer, where a file does not say it. */
import { AnswerError, type Answers, type Asked, answerOf, type Question } from './importer'
import { mostExperts, plausibleExperts } from './limits'

/**
 * Asks how many experts there are.
 * @param highest the highest id of the file, -1 where there is none
 * @param topK experts of a token, fewer than which there cannot be
 * @param needed whether the file cannot be opened without an answer
 */
export function expertsQuestion(highest: number, topK = 1, needed = false): Question {
  const proposal = Math.max(plausibleExperts(Math.max(highest, 0)), topK)
  return { id: 'experts', label: 'experts of each MoE layer', kind: 'count', proposal, needed }
}

/**
 * The answer, or the proposal; then with a note for the user. Throws an `AnswerError` when the file has an expert
 * that would be too many.
 */
export function answeredExperts(
  highest: number,
  topK: number,
  answers: Answers,
  asked: Asked
): { readonly experts: number; readonly notes: readonly string[] } {
  const { value, given } = answerOf('experts', answers, asked)
  const experts = Number(value)
  const least = Math.max(highest + 1, topK)
  if (experts < least || experts > mostExperts) {
    throw new AnswerError(
      `experts: expected ${least} to ${mostExperts} (the file has expert ${highest}), found ${experts}`,
      asked
    )
  }
  const assumed = `The file does not say how many experts a layer has: ${experts} are assumed, because the highest id is ${highest}.`
  return { experts, notes: given ? [] : [assumed] }
}
