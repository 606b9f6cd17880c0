/** Questions of the score as prompts, and the language that a prompt belongs to. */
import { domains } from '@core/corpus'
import { createRandom } from '@core/random'
import type { AppState } from '../state/app-state'
import type { CompareChoices } from './choices'
import { chosenModels, examKey, examOf, languagesOf, masksOf } from './exam'
import { worldOfCorpus } from './examples'

type Language = Exclude<CompareChoices['score'], 'none' | 'all'>

/** The language of a prompt that ends in a question; facts about people for any other. */
export function languageOf({ choices, library }: AppState): Language {
  const world = worldOfCorpus(chosenModels({ choices, library })[0]?.corpus)
  const line = choices.prompt.split('\n').at(-1) ?? ''
  const domain = domains.find((each) => each.truths(line, world).length > 0)
  return domain === undefined || domain.id === 'engl' ? 'fact' : domain.id
}

/** The prompt of a question of the score: the first, the one after that which is written on now, or one by chance. */
export function questionPrompt(state: AppState, which: 'first' | 'next' | 'random'): string | undefined {
  const { choices, exams } = state
  const models = chosenModels(state)
  const [model] = models
  const [language, ...more] = languagesOf(choices.score)
  const exam = model && language && more.length === 0 && examOf(model, models, language, masksOf(choices, model))
  const questions = (exam && exams[examKey(exam)]?.questions) || []
  const now = questions.findIndex(({ prompt }) => prompt === choices.prompt)
  const index = {
    first: 0,
    next: now + 1,
    random: createRandom(now + 1, 'compare/question').integer(Math.max(1, questions.length))
  }[which]
  return questions[index % Math.max(1, questions.length)]?.prompt
}
