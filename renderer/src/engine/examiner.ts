/** Questions to the models of the engine, and their loss: with all experts, and with some switched off. */
import type { Windows } from '@core/corpus'
import { worldOf } from '@core/corpus'
import { changedLoss, changedLossCharacters } from '@core/evaluate/changed-loss'
import { createMaskedEvaluator, type MaskedEvaluator } from '@core/evaluate/masked-evaluator'
import { drawQuestions, type Question } from '@core/evaluate/questions'
import { answerQuestions, scoredQuestions } from '@core/evaluate/score'
import { validationText } from '@core/evaluate/validation-text'
import type { RunnableModel } from '@core/model/runnable-model'
import type { Backend } from '@core/runtime/backend'
import type { ExaminerApi, QuestionsRequest } from './protocol'

/** Answers for the models that `modelOf` finds; `release` forgets a model that is loaded no more. */
export interface Examiner extends ExaminerApi {
  release(id: string): Promise<void>
}

export function createExaminer(backend: () => Backend, modelOf: (id: string) => RunnableModel): Examiner {
  const evaluators = new Map<string, MaskedEvaluator>()
  const drawn = new Map<string, readonly Question[]>()
  const baselines = new Map<string, Float32Array>()

  function evaluatorOf(id: string): MaskedEvaluator {
    const evaluator = evaluators.get(id) ?? createMaskedEvaluator(backend(), modelOf(id))
    evaluators.set(id, evaluator)
    return evaluator
  }

  function questionsOf({ world, domain, context }: QuestionsRequest): readonly Question[] {
    const key = JSON.stringify([world, domain, context])
    const questions =
      drawn.get(key) ?? drawQuestions({ world: worldOf({ world }), domain, context, count: scoredQuestions })
    drawn.set(key, questions)
    return questions
  }

  async function natsOf(id: string, windows: Windows, masks: Parameters<ExaminerApi['measureLoss']>[0]['masks']) {
    return (await evaluatorOf(id).evaluate(windows, { masks })).nats
  }

  return {
    drawQuestions: async (request) => questionsOf(request),
    answer: async ({ model, masks, first, count, ...request }) => {
      const part = questionsOf(request).slice(first, first + count)
      return answerQuestions(evaluatorOf(model), part, request.context, { masks })
    },
    measureLoss: async ({ model: id, corpus, masks }) => {
      const windows = validationText({ ...modelOf(id), report: { corpus } }, changedLossCharacters)
      const baseline = baselines.get(id) ?? (await natsOf(id, windows, []))
      baselines.set(id, baseline)
      return changedLoss(windows, await natsOf(id, windows, masks), baseline)
    },
    release: async (id) => {
      await evaluators.get(id)?.release()
      evaluators.delete(id)
      baselines.delete(id)
    }
  }
}
