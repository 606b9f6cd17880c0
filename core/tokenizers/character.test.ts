import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { domainIds, tokenizer } from '../corpus'
import { generateCorpus } from '../corpus/generate'
import { createWorld } from '../corpus/world'
import { FormatError } from '../formats/format-error'
import { characterTokenizer } from './character'
import { openTokenizer } from './open'
import { sameVocabulary, vocabularyOf } from './tokenizer'

const corpusText = fc.string({ unit: fc.constantFrom(...vocabularyOf(tokenizer)), maxLength: 200 })
const files = tokenizer.files()
const huggingFace = new HuggingFaceTokenizer(
  asWritten(files['tokenizer.json']),
  asWritten(files['tokenizer_config.json'])
)

test('text survives encoding and decoding', () => {
  fc.assert(fc.property(corpusText, (text) => tokenizer.decode(tokenizer.encode(text)) === text))
})

test('unknown characters are named, each once, in order', () => {
  expect(tokenizer.unknownCharacters('Zäh, Z🙂')).toEqual(['Z', 'ä', '🙂'])
  expect(() => tokenizer.encode('geba 🙂 Lives 🙂')).toThrow('does not know: "🙂", "L". It knows "\\n", " ", "("')
})

test('an id outside the vocabulary is refused', () => {
  expect(() => tokenizer.decode([55])).toThrow('Token id 55 is outside the vocabulary of 55 characters')
  expect(() => tokenizer.tokenText(-1)).toThrow('Token id -1 is outside the vocabulary of 55 characters')
})

test('vocabularies are the same when every id stands for the same text', () => {
  const abc = characterTokenizer(['a', 'b', 'c'])
  expect(sameVocabulary(abc, characterTokenizer(['a', 'b', 'c']))).toBe(true)
  for (const other of [
    ['a', 'c', 'b'],
    ['a', 'b'],
    ['a', 'b', 'c', 'd']
  ].map(characterTokenizer)) {
    expect([sameVocabulary(abc, other), sameVocabulary(other, abc)]).toEqual([false, false])
  }
})

test('other software reads tokenizer.json to the same ids and back', () => {
  fc.assert(
    fc.property(corpusText, (text) => {
      const { ids } = huggingFace.encode(text)
      expect(ids).toEqual([...tokenizer.encode(text)])
      if (ids.length > 0) expect(huggingFace.decode(ids)).toBe(text)
    })
  )
})

test('other software reads documents of every domain', () => {
  const world = createWorld()
  for (const domain of domainIds) {
    const { tokens } = generateCorpus({ world, seed: 2, split: 'train', characters: 500, domain })
    expect(huggingFace.encode(tokenizer.decode(tokens)).ids).toEqual([...tokens])
  }
})

test('tokenizer.json of any alphabet of single characters reads back', async () => {
  const alphabets = fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), { minLength: 1 })
  await fc.assert(
    fc.asyncProperty(alphabets, async (alphabet) => {
      const json = asWritten(characterTokenizer(alphabet).files()['tokenizer.json'])
      expect(vocabularyOf(await openTokenizer(json))).toEqual(alphabet)
    })
  )
})

const json = asWritten(files['tokenizer.json'])

test.each([
  ['no model', { model: undefined }, 'model'],
  ['another model', { model: { type: 'WordPiece', vocab: {} } }, 'model.type'],
  ['no vocabulary', { model: { type: 'BPE', merges: [] } }, 'model.vocab']
])('tokenizer.json with %s is refused with what is supported', async (_, change, message) => {
  const read = openTokenizer({ ...json, ...change })
  await expect(read).rejects.toThrow(FormatError)
  await expect(read).rejects.toThrow('only character-level tokenizers and BPE and Unigram tokenizers are supported')
  await expect(read).rejects.toThrow(message)
})

function asWritten(value: unknown) {
  return JSON.parse(JSON.stringify(value))
}
