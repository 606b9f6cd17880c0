/** Asks the engine, part by part, what the choices show and the state does not know yet. */
import type { ExaminerApi } from '../engine/protocol'
import type { AppState } from '../state/app-state'
import { chosenModels, type Exam, examKey, examOf, masksOf } from './exam'
import type { CompareState } from './state'

/** Questions of one call: some tenths of a second, after which a run can begin. */
const part = 80

type Change = (state: AppState) => Partial<CompareState>

/** The next part of what is missing, as a change of the state; undefined when nothing is. */
export async function examineNext(api: ExaminerApi, state: AppState): Promise<Change | undefined> {
  return (await answerNext(api, state)) ?? (await measureNext(api, state))
}

/** Whoever has answered the fewest questions goes on. */
async function answerNext(api: ExaminerApi, state: AppState): Promise<Change | undefined> {
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
    const { id, corpus } = model
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
  const { score } = choices
  if (score === 'none') return []
  const exams = models.flatMap((model) => {
    const masks = masksOf(choices, model)
    return [examOf(model, models, score, masks), ...(masks.length > 0 ? [examOf(model, models, score, [])] : [])]
  })
  return exams.filter((exam) => exam !== undefined)
}
