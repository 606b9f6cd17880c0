import { byEdition } from './by-edition'
import type { Domain } from './domain'
import { firstSentences } from './first-sentences'
import { mealSentences } from './meal-sentences'

/**
 * English-like sentences in which subject and verb agree: `the kind sailors do not buy more figs.`
 *
 * Behaves like a grammar: a few words and rules, soon learnt. The sentences of the second edition are made of the words
 * of its world; those of the first have words of their own.
 */
export const engl: Domain = {
  id: 'engl',
  tests: 'grammar',
  title: 'English-like sentences',
  prompt: /^(\S+ ){2}/,
  ...byEdition((_, edition) => (edition === 1 ? firstSentences : mealSentences)),
  truths: () => []
}
