/** Reasons for which a choice cannot be trained, each said of its field. */
import { countParameters } from '@core/arch/count/count'
import { FormatError } from '@core/formats/format-error'
import type { TrainingChoices } from './choices'
import { chosenArchitecture } from './plan'

export interface TrainingProblem {
  readonly field: keyof TrainingChoices
  readonly reason: string
}

/** Characters of a step: 32 windows of 64. */
export const charactersPerStep = 32 * 64

/** A WebAssembly program has no more memory, in bytes. */
const mostMemory = 4 * 2 ** 30

/** Vectors as long as the parameters that a step holds: weights and two moments, before and after it, and the gradient. */
const vectorsOfStep = 7

/** Counted once for each choice: what is drawn asks with every step. */
const known = new WeakMap<TrainingChoices, readonly TrainingProblem[]>()

/** Obstacles to a training; none when it can begin. */
export function trainingProblems(choices: TrainingChoices): readonly TrainingProblem[] {
  const found = known.get(choices) ?? problemsOf(choices)
  known.set(choices, found)
  return found
}

function problemsOf(choices: TrainingChoices): TrainingProblem[] {
  const { width, heads, experts, topK, kind, characters } = choices
  const problems: TrainingProblem[] = []
  if (width % (2 * heads) !== 0) {
    const reason = `${heads} heads of even size need a multiple of ${2 * heads}; ${width} is none`
    problems.push({ field: 'width', reason })
  }
  if (kind === 'moe' && topK > experts) {
    problems.push({ field: 'topK', reason: `there are only ${experts} experts; top-${topK} asks for more` })
  }
  if (characters < charactersPerStep) {
    problems.push({ field: 'characters', reason: `a step takes ${charactersPerStep} characters` })
  }
  return problems.length > 0 ? problems : problemsOfShape(choices)
}

function problemsOfShape(choices: TrainingChoices): TrainingProblem[] {
  try {
    const bytes = 4 * vectorsOfStep * countParameters(chosenArchitecture(choices)).total
    if (bytes <= mostMemory) return []
    const reason = `training needs ${(bytes / 2 ** 30).toFixed(1)} GiB of memory; the engine has 4`
    return [{ field: 'width', reason }]
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof RangeError)) throw error
    return [{ field: choices.kind === 'moe' ? 'router' : 'width', reason: error.message }]
  }
}

/** The first of them in a sentence; undefined for none. */
export function trainingProblem(choices: TrainingChoices): string | undefined {
  return trainingProblems(choices)[0]?.reason
}
