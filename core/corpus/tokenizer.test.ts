import { expect, test } from 'vitest'
import { vocabularyOf } from '../tokenizers/tokenizer'
import { generateCorpus } from './generate'
import { tokenizer } from './tokenizer'
import { createWorld } from './world'

test('the alphabet is 55 different characters by code point, exactly those that the grammars write', () => {
  const { tokens } = generateCorpus({ world: createWorld(), seed: 1, split: 'train', characters: 200_000 })
  const alphabet = vocabularyOf(tokenizer)
  expect(tokenizer.size).toBe(55)
  expect(alphabet).toEqual([...new Set(alphabet)].sort())
  expect(new Set(tokens).size).toBe(tokenizer.size)
})
