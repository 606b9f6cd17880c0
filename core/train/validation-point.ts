import { computationDomains, type DomainId, memoryDomains } from '../corpus'
import { type AnswersByDomain, joinScores } from '../evaluate/answers'
import type { Evaluation } from '../evaluate/evaluate'
import type { ValidationPoint } from '../formats/training-report'

/** One of the texts that a model is validated on, measured. */
export interface MeasuredText extends Omit<Evaluation, 'answers'> {
  /** The share of the training's windows that are of this text. */
  readonly share: number
  /** Undefined of the user's text. */
  readonly answers: AnswersByDomain | undefined
}

/**
 * Evaluations as reports have them, after a step of a training and so many characters. The loss of a mixture is the mean
 * of its texts' losses by their shares, however much of each is measured.
 */
export function validationPoint(
  measured: readonly MeasuredText[],
  { step, characters }: Pick<ValidationPoint, 'step' | 'characters'>
): ValidationPoint {
  const generated = measured.find(({ answers }) => answers !== undefined)
  const domains = measured.flatMap((text) => Object.entries(text.domains))
  return {
    step,
    characters,
    loss: measured.reduce((sum, { share, loss }) => sum + share * loss, 0),
    memory: generated?.memory ?? Number.NaN,
    computation: generated?.computation ?? Number.NaN,
    domains: Object.fromEntries(domains.map(([id, { loss }]) => [id, loss])),
    ...(generated?.answers ? { answers: answersOf(generated.answers) } : {})
  }
}

function answersOf(answers: AnswersByDomain): ValidationPoint['answers'] {
  const group = (ids: readonly DomainId[]) => joinScores(ids.flatMap((id) => answers[id] ?? []))
  return {
    memory: group(memoryDomains),
    computation: group(computationDomains),
    domains: Object.fromEntries(
      Object.entries(answers).map(([id, { byDifficulty, ...score }]) => [
        id,
        { ...score, by_difficulty: [...byDifficulty] }
      ])
    )
  }
}
