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

test('tied layers, and layers that differ, are part of the name', () => {
  const dense = { ...defaultTraining, kind: 'dense' as const }
  expect(runNames([{ ...dense, layers: 8 }])).toEqual(['Dense, d 32'])
  expect(
    runNames([
      { ...dense, layers: 8 },
      { ...dense, layers: 8, sharedLayers: true },
      { ...dense, layers: 1 }
    ])
  ).toEqual(['Dense, d 32, 8 layers', 'Dense, d 32, 8 tied layers', 'Dense, d 32, 1 layer'])
})

test('the models that it begins with and follows are part of the name', () => {
  const dense = { ...defaultTraining, kind: 'dense' as const }
  const here = { id: 'my-dense', weights: '0'.repeat(64), parameters: 100 }
  const half = [{ id: 'magnitude', share: 0.5 }, { id: 'layers' }]
  expect(runNames([{ ...dense, from: here }])).toEqual(['Dense, d 32, from my-dense'])
  expect(runNames([{ ...dense, from: { training: dense, transforms: half } }])).toEqual([
    'Dense, d 32, magnitude 50\u00a0%, layers, trained on'
  ])
  const teacher = { model: { training: { ...dense, width: 80 } }, share: 0.5, temperature: 2 }
  expect(runNames([{ ...dense, teacher }])).toEqual(['Dense, d 32, taught by Dense, d 80'])
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
