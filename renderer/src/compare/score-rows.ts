/** The score as it is shown: who was asked, on which languages, and what they answered. */
import { type DomainId, domainOf } from '@core/corpus'
import { pairedCounts, pairedDifference, proportionOf } from '@core/evaluate/proportions'
import { chanceOf } from '@core/evaluate/score'
import { countOff } from '@core/model/experts-off'
import type { ChartTable } from '../charts/export'
import type { ShareGroup } from '../charts/ShareIntervals'
import type { AppState } from '../state/app-state'
import type { LibraryModel } from '../state/library'
import { modelName } from '../words/model-words'
import { chosenModels, examKey, examOf, languagesOf, masksOf } from './exam'
import type { ExamAnswers } from './state'

/** A model with some of its experts, and what it answered. */
export interface Examinee {
  readonly model: LibraryModel
  readonly label: string
  /** True for a model with experts off as it is with all of them. */
  readonly whole: boolean
  readonly expertsOff: number
  /** By language, of those that it was asked about. */
  readonly exams: ReadonlyMap<DomainId, ExamAnswers>
}

/** Everyone whose answers the choices show: each model, and one with experts off also with all of them. */
export function examineesOf(state: Pick<AppState, 'library' | 'choices' | 'exams'>): Examinee[] {
  const { choices, exams } = state
  const models = chosenModels(state)
  const names = models.map(modelName)
  return models.flatMap((model, i): Examinee[] => {
    const masks = masksOf(choices, model)
    const answersWith = (off: typeof masks) =>
      new Map(
        languagesOf(choices.score).flatMap((language) => {
          const exam = examOf(model, models, language, off)
          const known = exam && exams[examKey(exam)]
          return known ? [[language, known] as const] : []
        })
      )
    const name = new Set(names).size === names.length ? (names[i] ?? model.id) : model.id
    const all = { model, label: name, whole: false, expertsOff: 0, exams: answersWith([]) }
    if (masks.length === 0) return [all]
    const expertsOff = countOff(model.architecture, masks)
    const label = `${name}, ${expertsOff} ${expertsOff === 1 ? 'expert' : 'experts'} off`
    return [
      { model, label, whole: false, expertsOff, exams: answersWith(masks) },
      { ...all, label: `${name}, all experts on`, whole: true }
    ]
  })
}

/**
 * Answers of several languages, one after the other: of each language as many as all have given, so that the answers of
 * two stand at the same questions.
 */
export function answersTogether(examinees: readonly Examinee[]): ReadonlyMap<Examinee, ExamAnswers> {
  const languages = [...(examinees[0]?.exams.keys() ?? [])]
  const answered = (language: DomainId) =>
    Math.min(...examinees.map(({ exams }) => exams.get(language)?.answers.length ?? 0))
  return new Map(
    examinees.map((each) => [
      each,
      {
        questions: languages.flatMap((language) => each.exams.get(language)?.questions ?? []),
        answers: languages.flatMap((language) => each.exams.get(language)?.answers.slice(0, answered(language)) ?? [])
      }
    ])
  )
}

/** The intervals of each language. */
export function shareGroups(examinees: readonly Examinee[], languages: readonly DomainId[]): ShareGroup[] {
  return languages.flatMap((language) => {
    const rows = examinees.flatMap(({ model, label, whole, exams }) => {
      const { answers = [] } = exams.get(language) ?? {}
      if (answers.length === 0) return []
      const share = proportionOf(answers.filter(Boolean).length, answers.length)
      return [{ id: label, label, kind: model.role, faint: whole, ...share }]
    })
    const [first] = examinees
    const exam = first?.exams.get(language)
    if (rows.length === 0 || !exam) return []
    const chance = chanceOf(exam.questions)
    if (languages.length === 1) return [{ id: language, rows, chance }]
    const note = noteOf(examinees, language)
    return [{ id: language, title: domainOf(language).title, ...(note && { note }), rows, chance }]
  })
}

/** The difference of the two models in a language, where both were asked the same. */
function noteOf(examinees: readonly Examinee[], language: DomainId): string | undefined {
  const [first, second] = examinees.filter(({ whole }) => !whole).map(({ exams }) => exams.get(language))
  if (!first || !second || !sameQuestions(first, second)) return undefined
  const answered = Math.min(first.answers.length, second.answers.length)
  if (answered === 0) return undefined
  const { difference, low, high } = pairedDifference(
    pairedCounts(first.answers.slice(0, answered), second.answers.slice(0, answered))
  )
  return `${pointsOf(difference)} (${pointsOf(low)} to ${pointsOf(high)}) points`
}

/** True for questions about one world. */
export function sameQuestions(first: ExamAnswers, second: ExamAnswers): boolean {
  return first.questions[0]?.prompt === second.questions[0]?.prompt
}

/** A difference of shares in percentage points: `+15.8`. */
export function pointsOf(share: number): string {
  return `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(1)}`
}

/** The numbers behind the intervals. */
export function scoreTable(examinees: readonly Examinee[]): ChartTable {
  return {
    columns: ['language', 'model', 'role', 'experts_off', 'right', 'answered', 'share', 'low', 'high', 'chance'],
    rows: examinees.flatMap(({ model, expertsOff, exams }) =>
      [...exams].flatMap(([language, { questions, answers }]) => {
        if (answers.length === 0) return []
        const { right, share, low, high } = proportionOf(answers.filter(Boolean).length, answers.length)
        const chance = chanceOf(questions)
        return [[language, model.id, model.role, expertsOff, right, answers.length, share, low, high, chance]]
      })
    )
  }
}
