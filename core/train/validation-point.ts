import { computationDomains, type DomainId, memoryDomains } from '../corpus'
import { type AnswersByDomain, joinScores } from '../evaluate/answers'
import type { Evaluation } from '../evaluate/evaluate'
import type { ValidationPoint } from '../formats/training-report'

/** An evaluation as reports have it, after a step of a training and so many characters. */
export function validationPoint(
  found: Evaluation,
  { step, characters }: Pick<ValidationPoint, 'step' | 'characters'>
): ValidationPoint {
  return {
    step,
    characters,
    loss: found.loss,
    memory: found.memory,
    computation: found.computation,
    domains: Object.fromEntries(Object.entries(found.domains).map(([id, { loss }]) => [id, loss])),
    answers: answersOf(found.answers)
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
