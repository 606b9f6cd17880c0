/** The score of a model: its share of right answers to some hundred questions of one language. */
import { type DomainId, domainIds, domainOf, tokenizer } from '../corpus'
import { generatedText } from '../formats/training-report'
import type { Turn } from '../give-way'
import type { ExpertsOff } from '../model/intervention'
import { sameVocabulary } from '../tokenizers/tokenizer'
import type { MaskedEvaluator } from './masked-evaluator'
import type { Question } from './questions'
import { questionWindows } from './questions'
import type { CorpusModel } from './validation-text'

/** Questions of a score: its interval is at most 5 percentage points to each side. */
export const scoredQuestions = 400

/** The languages that ask something. */
export const askingDomains: readonly DomainId[] = domainIds.filter((id) => domainOf(id).tests !== 'grammar')

/** The reason for which a model has no score, as a sentence; undefined where it has one. */
export function whyNoScore({ id, tokenizer: own, report }: Omit<CorpusModel, 'architecture'>): string | undefined {
  if (!sameVocabulary(own, tokenizer)) {
    return `${id} is no character model of the generated corpus: its tokens are others, so the questions cannot be put to it.`
  }
  if (!report) {
    return `${id} has no training.json, which says the people, words and keys that it was trained on: it is not known what to ask.`
  }
  if (!generatedText(report.corpus)) {
    return `${id} has learnt a text of your own alone: what the questions ask for is not in it.`
  }
  return undefined
}

export interface AnswerOptions {
  /** Experts that are switched off; default none. */
  readonly masks?: readonly ExpertsOff[]
  /** Awaited before each batch. */
  readonly turn?: Turn
  readonly onBatch?: () => void
}

/**
 * Answers questions: true where every character of the answer is the most likely one after the right ones before it,
 * which is what the model writes at temperature 0.
 */
export async function answerQuestions(
  evaluator: MaskedEvaluator,
  questions: readonly Question[],
  context: number,
  options: AnswerOptions = {}
): Promise<boolean[]> {
  const { windows, spans } = questionWindows(questions, context)
  const { margins } = await evaluator.evaluate(windows, options)
  return spans.map(({ start, end }) => margins.subarray(start, end).every((margin) => margin === 0))
}

/** Expected share of right answers of who guesses among all answers of the right form. */
export function chanceOf(questions: readonly Question[]): number {
  return questions.reduce((sum, { chance }) => sum + chance, 0) / questions.length
}
