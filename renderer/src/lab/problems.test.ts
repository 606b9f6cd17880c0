import { expect, test } from 'vitest'
import { defaultTraining, type TrainingChoices } from './choices'
import { trainingProblems } from './problems'

test.each<readonly [Partial<TrainingChoices>, keyof TrainingChoices, string | RegExp]>([
  [{ width: 30 }, 'width', '4 heads of even size need a multiple of 8; 30 is none'],
  [{ width: 32, heads: 3 }, 'width', '3 heads of even size need a multiple of 6; 32 is none'],
  [{ experts: 4, topK: 8 }, 'topK', 'there are only 4 experts; top-8 asks for more'],
  [{ characters: 2047 }, 'characters', 'a step takes 2048 characters'],
  [{ characters: 10_000, batch: 128, context: 256 }, 'characters', 'a step takes 32768 characters'],
  [{ text: 'small', shares: { fact: 0, dict: 0 } }, 'shares', 'the shares of all domains are 0'],
  [{ text: 'small', shares: { fact: 1 }, context: 16 }, 'context', 'no document of this text has up to 16 characters'],
  [
    { batch: 256, context: 256, heads: 32, layers: 8, width: 64, characters: 1_000_000 },
    'batch',
    /^training needs \d\d\d?\.\d GiB of memory/
  ],
  [{ width: 512, layers: 8, experts: 256, expertWidth: 4096 }, 'width', /^training needs 3\d\d\.\d GiB of memory/],
  [{ topK: 1, router: { kind: 'top-k', normalise_gates: true } }, 'router', /^top_k 1 needs normalise_gates: false/]
])('%j is said of the field %s', (changes, field, reason) => {
  expect(trainingProblems({ ...defaultTraining, ...changes })).toEqual([
    { field, reason: typeof reason === 'string' ? reason : expect.stringMatching(reason) }
  ])
})

test('shares of domains whose documents fit are no problem', () => {
  expect(trainingProblems({ ...defaultTraining, text: 'small', shares: { fact: 1 } })).toEqual([])
  expect(trainingProblems({ ...defaultTraining, context: 32, batch: 64 })).toEqual([])
})

test('what can be trained has no problem', () => {
  expect(trainingProblems(defaultTraining)).toEqual([])
  expect(trainingProblems({ ...defaultTraining, kind: 'dense', topK: 16, experts: 2 })).toEqual([])
})
