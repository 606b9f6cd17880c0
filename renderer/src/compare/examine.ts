/** Asks the engine, part by part, what the choices show and the state does not know yet. */
import { generatedText } from '@core/formats/training-report'
import type { ExaminerApi } from '../engine/protocol'
import type { AppState } from '../state/app-state'
import { chosenModels, type Exam, examKey, examOf, languagesOf, masksOf } from './exam'
import type { CompareState } from './state'

/** Questions of one call: some tenths of a second, after which a run can begin. */
const part = 80

type Change = (state: AppState) => Partial<CompareState>

/** The next part of what is missing, as a change of the state; undefined when nothing is. */
export async function examineNext(api: ExaminerApi, state: AppState): Promise<Change | undefined> {
  return (await answerNext(api, state)) ?? (await measureNext(api, state))
}

/** Whoever has answered the fewest questions goes on: models and languages grow together. */
async function answerNext(api: ExaminerApi, state: AppState): Promise<Change | undefined> {
  if (state.scoreStopped) return undefined
  const answered = (exam: Exam) => state.exams[examKey(exam)]?.answers.length ?? 0
  const [next] = examsOf(state)
    .filter((exam) => {
      const known = state.exams[examKey(exam)]
      return !known || known.answers.length < known.questions.length
    })
    .sort((a, b) => answered(a) - answered(b))
  if (!next) return undefined
  const key = examKey(next)
  const known = state.exams[key]
  const questions = known?.questions ?? (await api.drawQuestions(next))
  const answers = [...(known?.answers ?? [])]
  answers.push(...(await api.answer({ ...next, first: answers.length, count: part })))
  return ({ exams }) => ({ exams: { ...exams, [key]: { questions, answers } } })
}

async function measureNext(api: ExaminerApi, state: AppState): Promise<Change | undefined> {
  for (const model of chosenModels(state)) {
    const { id } = model
    const corpus = model.corpus && generatedText(model.corpus)
    const masks = masksOf(state.choices, model)
    const key = examKey({ id, masks })
    if (masks.length === 0 || state.maskedLosses[key] || !corpus) continue
    const loss = await api.measureLoss({ model: id, corpus, masks })
    return ({ maskedLosses }) => ({ maskedLosses: { ...maskedLosses, [key]: loss } })
  }
  return undefined
}

/** The exams that are shown: of each model with the experts that are on, and of one with experts off with all on. */
function examsOf(state: AppState): Exam[] {
  const { choices } = state
  const models = chosenModels(state)
  const exams = languagesOf(choices.score).flatMap((language) =>
    models.flatMap((model) => {
      const masks = masksOf(choices, model)
      return [
        examOf(model, models, language, masks),
        ...(masks.length > 0 ? [examOf(model, models, language, [])] : [])
      ]
    })
  )
  return exams.filter((exam) => exam !== undefined)
}
