/** The score that the choices ask for: of which models, on which questions, with which experts off. */
import { moeLayers, moeShape } from '@core/arch/architecture'
import type { DomainId } from '@core/corpus'
import { whyNoScore } from '@core/evaluate/score'
import { generatedText } from '@core/formats/training-report'
import { switchedOff } from '@core/model/experts-off'
import type { ExpertsOff } from '@core/model/intervention'
import type { AnswerRequest } from '../engine/protocol'
import type { AppState } from '../state/app-state'
import type { Choices } from '../state/choices'
import type { LibraryModel } from '../state/library'
import { languages } from './choices'

/** Questions to one model. */
export type Exam = Omit<AnswerRequest, 'first' | 'count'>

/** The experts of a model that are off; what it does not have, or cannot do without, is left out. */
export function masksOf({ expertsOff }: Pick<Choices, 'expertsOff'>, model: LibraryModel): ExpertsOff[] {
  const { architecture } = model
  const possible = (expertsOff[model.id] ?? []).flatMap(({ layer, experts }) => {
    if (!moeLayers(architecture).includes(layer)) return []
    const shape = moeShape(architecture, layer)
    const off = [...new Set(experts)].filter((expert) => expert < shape.experts)
    const isPossible = off.length === shape.experts || off.length <= shape.experts - shape.topK
    return off.length > 0 && isPossible ? [{ layer, experts: off }] : []
  })
  return switchedOff(architecture, possible)
}

/** The same of each side; nothing for a model that is not here. */
export function masksOfSides({
  library,
  choices
}: Pick<AppState, 'library' | 'choices'>): [ExpertsOff[], ExpertsOff[]] {
  const of = (id: string) => {
    const model = library?.models.find((each) => each.id === id)
    return model ? masksOf(choices, model) : []
  }
  return [of(choices.left), of(choices.right)]
}

/** The languages that a score is of. */
export function languagesOf(score: Choices['score']): readonly Exclude<Choices['score'], 'none' | 'all'>[] {
  if (score === 'none') return []
  return score === 'all' ? languages : [score]
}

/** The exam of a model in a language, within everyone's context; undefined for a model without a score. */
export function examOf(
  model: LibraryModel,
  others: readonly LibraryModel[],
  domain: DomainId,
  masks: readonly ExpertsOff[]
): Exam | undefined {
  const text = model.corpus && generatedText(model.corpus)
  if (!text || whyNoScore({ ...model, report: { corpus: text } })) return undefined
  const context = Math.min(...[model, ...others].map(({ architecture }) => architecture.context))
  return { model: model.id, world: text.world, domain, context, masks }
}

/** The chosen models, those that are here: two, but one where it stands on both sides. */
export function chosenModels({ library, choices }: Pick<AppState, 'library' | 'choices'>): LibraryModel[] {
  return [...new Set([choices.left, choices.right])].flatMap(
    (id) => library?.models.find((model) => model.id === id) ?? []
  )
}

/** Under which results are kept. */
export function examKey(exam: object): string {
  return JSON.stringify(exam)
}
