import { expect, test } from 'vitest'
import { defaultTraining } from './choices'
import { trainingProblems } from './problems'

test.each([
  [{ width: 30 }, 'width', '4 heads of even size need a multiple of 8; 30 is none'],
  [{ width: 32, heads: 3 }, 'width', '3 heads of even size need a multiple of 6; 32 is none'],
  [{ experts: 4, topK: 8 }, 'topK', 'there are only 4 experts; top-8 asks for more'],
  [{ characters: 2047 }, 'characters', 'a step takes 2048 characters'],
  [{ width: 512, layers: 8, experts: 256, expertWidth: 4096 }, 'width', /^training needs 3\d\d\.\d GiB of memory/],
  [{ topK: 1, router: { kind: 'top-k', normalise_gates: true } }, 'router', /^top_k 1 needs normalise_gates: false/]
])('%j is said of the field %s', (changes, field, reason) => {
  expect(trainingProblems({ ...defaultTraining, ...changes })).toEqual([
    { field, reason: typeof reason === 'string' ? reason : expect.stringMatching(reason) }
  ])
})

test('what can be trained has no problem', () => {
  expect(trainingProblems(defaultTraining)).toEqual([])
  expect(trainingProblems({ ...defaultTraining, kind: 'dense', topK: 16, experts: 2 })).toEqual([])
})
