import { moeArchitecture } from '@core/arch/presets'
import { tokenizer } from '@core/corpus'
import type { Question } from '@core/evaluate/questions'
import { corpusSpecSchema } from '@core/formats/training-report'
import { expect, test } from 'vitest'
import type { AnswerRequest, ExaminerApi } from '../engine/protocol'
import type { AppState } from '../state/app-state'
import { type Choices, defaultChoices } from '../state/choices'
import type { LibraryModel } from '../state/library'
import { languages } from './choices'
import { examineNext } from './examine'
import { initialCompare } from './state'

const architecture = moeArchitecture({ width: 16, vocabularySize: tokenizer.size, experts: 4, expertWidth: 8 })
const model = (id: string) =>
  ({ id, architecture, tokenizer, corpus: corpusSpecSchema.parse({}) }) as unknown as LibraryModel

const questions = Array.from({ length: 200 }, (_, i) => ({ prompt: `${i}` })) as unknown as Question[]

/** Answers right where the number of the question is even, and with experts off never; writes down what it is asked. */
function examiner() {
  const asked: AnswerRequest[] = []
  const measured: string[] = []
  const api: ExaminerApi = {
    drawQuestions: async () => questions,
    answer: async (request) => {
      asked.push(request)
      return questions
        .slice(request.first, request.first + request.count)
        .map((_, i) => i % 2 === 0 && request.masks.length === 0)
    },
    measureLoss: async ({ model: id }) => {
      measured.push(id)
      return { loss: 2, tokens: 100, delta: 1, standardError: 0.1 }
    }
  }
  return { api, asked, measured }
}

async function examineAll(api: ExaminerApi, choices: Partial<Choices>, scoreStopped = false): Promise<AppState> {
  const library = { models: [model('left'), model('right')], damaged: [] }
  let state = {
    ...initialCompare,
    scoreStopped,
    library,
    choices: { ...defaultChoices, left: 'left', right: 'right', ...choices }
  } as unknown as AppState
  for (let found = await examineNext(api, state); found; found = await examineNext(api, state)) {
    state = { ...state, ...found(state) }
  }
  return state
}

test('both answer all questions in turns; without a language nothing is asked', async () => {
  const { api, asked } = examiner()
  const { exams } = await examineAll(api, { score: 'dict' })
  expect(Object.values(exams).map(({ answers }) => answers)).toEqual(
    new Array(2).fill(questions.map((_, i) => (i % 80) % 2 === 0))
  )
  expect(asked.map(({ model: id, first }) => [id, first])).toEqual([
    ['left', 0],
    ['right', 0],
    ['left', 80],
    ['right', 80],
    ['left', 160],
    ['right', 160]
  ])
  const none = examiner()
  await examineAll(none.api, {})
  expect(none.asked).toEqual([])
  expect(none.measured).toEqual([])
})

test('the score of all languages asks each of them in turns, and none while it is stopped', async () => {
  const { api, asked } = examiner()
  await examineAll(api, { score: 'all' })
  const first = asked.slice(0, 2 * languages.length)
  expect(first.map(({ model: id, domain, first }) => [id, domain, first])).toEqual(
    languages.flatMap((domain) => ['left', 'right'].map((id) => [id, domain, 0]))
  )
  expect(asked.length).toBe(2 * languages.length * Math.ceil(questions.length / 80))
  const stopped = examiner()
  await examineAll(stopped.api, { score: 'all', expertsOff: { right: [{ layer: 0, experts: [1] }] } }, true)
  expect(stopped.asked).toEqual([])
  expect(stopped.measured).toEqual(['right'])
})

test('a model with experts off is asked and measured with and without them', async () => {
  const { api, asked, measured } = examiner()
  const { maskedLosses } = await examineAll(api, {
    score: 'dict',
    expertsOff: { right: [{ layer: 0, experts: [1] }] }
  })
  expect(new Set(asked.map(({ model: id, masks }) => `${id} ${masks.length}`))).toEqual(
    new Set(['left 0', 'right 1', 'right 0'])
  )
  expect(measured).toEqual(['right'])
  expect(Object.values(maskedLosses)).toMatchObject([{ delta: 1 }])
})
