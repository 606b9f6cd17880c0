import { expect, test } from 'vitest'
import { defaultRuns, defaultTraining } from './choices'
import { runNames } from './names'

test('runs are named by what they are, and by their seeds where that is the same', () => {
  expect(runNames(defaultRuns)).toEqual(['Dense, d 32', 'Top-2 of 16, d 32', 'Top-1 of 8, d 32', 'Dense, d 80'])
  const again = { ...defaultTraining, seed: 2 }
  expect(runNames([defaultTraining, again])).toEqual(['Top-2 of 16, d 32, seed 1', 'Top-2 of 16, d 32, seed 2'])
  expect(runNames([{ ...defaultTraining, balanceLoss: 0 }])).toEqual(['Top-2 of 16, d 32, unbalanced'])
})

test('what cannot be trained has a name as well', () => {
  expect(runNames([{ ...defaultTraining, kind: 'dense', width: 33, feedForwardWidth: 7 }])).toEqual([
    'Dense, d 33, FFN 7'
  ])
})

test('a text of its own is part of the name', () => {
  const dense = { ...defaultTraining, kind: 'dense' as const }
  expect(runNames([{ ...dense, textCharacters: 10_000 }])).toEqual(['Dense, d 32, 10\u00a0k of text'])
  expect(runNames([{ ...dense, shares: { var: 1, fact: 0 } }])).toEqual(['Dense, d 32, var alone'])
  expect(runNames([{ ...dense, shares: { var: 1, fact: 1 } }])).toEqual(['Dense, d 32, own mix'])
  const own = { ...dense, text: 'own' as const, textCharacters: 10_000 }
  expect(runNames([own, { ...own, beside: 'small' }])).toEqual([
    'Dense, d 32, own text',
    'Dense, d 32, own text, 10\u00a0k of text'
  ])
})
