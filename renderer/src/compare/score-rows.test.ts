import { moeArchitecture } from '@core/arch/presets'
import { tokenizer } from '@core/corpus'
import type { Question } from '@core/evaluate/questions'
import { corpusSpecSchema } from '@core/formats/training-report'
import { expect, test } from 'vitest'
import type { AppState } from '../state/app-state'
import { defaultChoices } from '../state/choices'
import type { LibraryModel } from '../state/library'
import { examKey, examOf, masksOf } from './exam'
import { answersTogether, examineesOf, scoreTable, shareGroups } from './score-rows'
import type { ExamAnswers } from './state'

const architecture = moeArchitecture({ width: 16, vocabularySize: tokenizer.size, experts: 4, expertWidth: 8 })
const [left, right] = ['left', 'right'].map(
  (id) =>
    ({
      id,
      role: 'moe',
      total: 1000,
      architecture,
      tokenizer,
      corpus: corpusSpecSchema.parse({})
    }) as unknown as LibraryModel
) as [LibraryModel, LibraryModel]

const questionsOf = (language: string) =>
  Array.from({ length: 10 }, (_, i) => ({ prompt: `${language} ${i}`, chance: 0.25 })) as unknown as Question[]

/** State in which each has given these answers, `language: '1101'`. */
function stateOf(answers: Record<string, Record<string, string>>, expertsOff = {}) {
  const choices = { ...defaultChoices, left: 'left', right: 'right', score: 'all' as const, expertsOff }
  const exams: Record<string, ExamAnswers> = {}
  for (const model of [left, right]) {
    for (const off of [masksOf(choices, model), []]) {
      for (const [language, given] of Object.entries(answers[model.id] ?? {})) {
        const exam = examOf(model, [left, right], language as 'dict', off)
        if (!exam) throw new Error('the model can be asked')
        exams[examKey(exam)] = { questions: questionsOf(language), answers: [...given].map((each) => each === '1') }
      }
    }
  }
  return { choices, exams, library: { models: [left, right], damaged: [] } } as unknown as AppState
}

test('answers of several languages stand at the same questions, as many as both have given', () => {
  const state = stateOf({ left: { fact: '110', dict: '01' }, right: { fact: '10', dict: '0111' } })
  const together = [...answersTogether(examineesOf(state)).values()]
  expect(together.map(({ answers }) => answers.map(Number).join(''))).toEqual(['1101', '1001'])
  expect(together.map(({ questions }) => questions.length)).toEqual([20, 20])
})

test('each language has its intervals, its chance and its difference; of one language there is no title', () => {
  const state = stateOf({ left: { fact: '0000000000', dict: '01' }, right: { fact: '1111111111' } })
  const [fact, dict, ...more] = shareGroups(examineesOf(state), ['fact', 'dict', 'book'])
  expect(more).toEqual([])
  expect(fact).toMatchObject({ title: 'facts about people', chance: 0.25, rows: [{ share: 0 }, { share: 1 }] })
  expect(fact?.note).toMatch(/^\+100\.0 \(\+\d+\.\d to \+100\.0\) points$/)
  // Wilson's interval of 1 of 2 (Newcombe 1998): 0.0945 to 0.9055.
  expect(dict?.rows).toMatchObject([{ label: 'left', share: 0.5 }])
  expect(dict?.rows[0]?.low).toBeCloseTo(0.0945, 4)
  expect(dict?.note).toBeUndefined()
  expect(shareGroups(examineesOf(state), ['fact'])[0]?.title).toBeUndefined()
})

test('a model with experts off stands with and without them, in the table, too', () => {
  const state = stateOf({ right: { dict: '10' } }, { right: [{ layer: 1, experts: [0, 1, 2, 3] }] })
  expect(examineesOf(state).map(({ label, whole }) => [label, whole])).toEqual([
    ['left', false],
    ['right, 4 experts off', false],
    ['right, all experts on', true]
  ])
  const { columns, rows } = scoreTable(examineesOf(state))
  expect(rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])))).toMatchObject([
    { language: 'dict', model: 'right', experts_off: 4, right: 1, answered: 2, share: 0.5, chance: 0.25 },
    { language: 'dict', model: 'right', experts_off: 0, right: 1, answered: 2 }
  ])
})
