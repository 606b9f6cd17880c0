/** The score of a comparison: both models answer the same questions of one language. */
import { type DomainId, worldOf } from '@core/corpus'
import { createMaskedEvaluator } from '@core/evaluate/masked-evaluator'
import type { PairedDifference, Proportion } from '@core/evaluate/proportions'
import { pairedCounts, pairedDifference, proportionOf } from '@core/evaluate/proportions'
import { drawQuestions } from '@core/evaluate/questions'
import { answerQuestions, askingDomains, chanceOf, scoredQuestions, whyNoScore } from '@core/evaluate/score'
import { corpusOf } from '@core/evaluate/validation-text'
import type { ExpertsOff } from '@core/model/intervention'
import type { RunnableModel } from '@core/model/runnable-model'
import type { Backend } from '@core/runtime/backend'
import { UsageError } from '../terminal/errors'

export interface ComparedScore {
  readonly language: DomainId
  readonly questions: number
  /** Expected share of who guesses. */
  readonly chance: number
  /** In the order of the models. */
  readonly models: readonly (Proportion & { readonly id: string })[]
  /** Of the second less the first. */
  readonly difference: PairedDifference
  /** Of the second with all of its experts, where some are off: its share, and the difference that they make. */
  readonly all_experts?: Proportion & { readonly difference: PairedDifference }
}

/** The language that is named; undefined for `none`. Throws a `UsageError`. */
export function readLanguage(text: string): DomainId | undefined {
  if (text === 'none') return undefined
  const found = askingDomains.find((id) => id === text)
  if (!found) throw new UsageError(`--score: expected ${askingDomains.join(', ')} or none, found '${text}'`)
  return found
}

/**
 * Asks both models, the second with these of its experts off; null where one has no score, or they know different worlds.
 */
export async function scoreOf(
  backend: Backend,
  models: readonly [RunnableModel, RunnableModel],
  domain: DomainId,
  off: readonly ExpertsOff[] = []
): Promise<ComparedScore | null> {
  const [first, second] = models
  const worlds = models.map(({ report }) => JSON.stringify(corpusOf(report).world))
  if (models.some(whyNoScore) || worlds[0] !== worlds[1]) return null
  const context = Math.min(...models.map(({ architecture }) => architecture.context))
  const questions = drawQuestions({ world: worldOf(corpusOf(first.report)), domain, context, count: scoredQuestions })
  const answersOf = async (model: RunnableModel, masks: readonly ExpertsOff[]) => {
    const evaluator = createMaskedEvaluator(backend, model)
    try {
      return await answerQuestions(evaluator, questions, context, { masks })
    } finally {
      await evaluator.release()
    }
  }
  const [ofFirst, ofSecond] = [await answersOf(first, []), await answersOf(second, off)]
  const whole = off.length > 0 ? await answersOf(second, []) : undefined
  const shareOf = (answers: readonly boolean[]) => proportionOf(answers.filter(Boolean).length, answers.length)
  return {
    language: domain,
    questions: questions.length,
    chance: chanceOf(questions),
    models: [
      { id: first.id, ...shareOf(ofFirst) },
      { id: second.id, ...shareOf(ofSecond) }
    ],
    difference: pairedDifference(pairedCounts(ofFirst, ofSecond)),
    ...(whole && {
      all_experts: { ...shareOf(whole), difference: pairedDifference(pairedCounts(whole, ofSecond)) }
    })
  }
}
