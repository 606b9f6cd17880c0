import { Tokenizer } from '@huggingface/tokenizers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { domainIds } from '../corpus/domains/domain'
import { generateCorpus } from '../corpus/generate'
import { createWorld } from '../corpus/world'
import { decode, encode, tokenizer, unknownCharacters } from './character'
import { tokenizerConfigJson, tokenizerFromJson, tokenizerJson } from './character-json'

const corpusText = fc.string({ unit: fc.constantFrom(...tokenizer.alphabet), maxLength: 200 })
const huggingFace = new Tokenizer(JSON.parse(JSON.stringify(tokenizerJson())), tokenizerConfigJson())

test('the alphabet is 55 different characters by code point, exactly those that the grammars write', () => {
  const { tokens } = generateCorpus({ world: createWorld(), seed: 1, split: 'train', characters: 200_000 })
  expect(tokenizer.size).toBe(55)
  expect(tokenizer.alphabet).toEqual([...new Set(tokenizer.alphabet)].sort())
  expect(new Set(tokens).size).toBe(tokenizer.size)
})

test('text survives encoding and decoding', () => {
  fc.assert(fc.property(corpusText, (text) => decode(encode(text)) === text))
})

test('unknown characters are named, each once, in order', () => {
  expect(unknownCharacters('Zäh, Z🙂')).toEqual(['Z', 'ä', '🙂'])
  expect(() => encode('geba 🙂 Lives 🙂')).toThrow('does not know: "🙂", "L". It knows "\\n", " ", "("')
})

test('an id outside the vocabulary is refused', () => {
  expect(() => decode([55])).toThrow('Token id 55 is outside the vocabulary of 55 characters')
})

test('other software reads tokenizer.json to the same ids and back', () => {
  fc.assert(
    fc.property(corpusText, (text) => {
      const { ids } = huggingFace.encode(text)
      expect(ids).toEqual([...encode(text)])
      if (ids.length > 0) expect(huggingFace.decode(ids)).toBe(text)
    })
  )
})

test('other software reads documents of every domain', () => {
  const world = createWorld()
  for (const domain of domainIds) {
    const { tokens } = generateCorpus({ world, seed: 2, split: 'train', characters: 500, domain })
    expect(huggingFace.encode(decode(tokens)).ids).toEqual([...tokens])
  }
})

test('tokenizer.json of any alphabet of single characters reads back', () => {
  const alphabets = fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), { minLength: 1 })
  fc.assert(
    fc.property(alphabets, (alphabet) => {
      const vocab = Object.fromEntries(alphabet.map((character, id) => [character, id]))
      const json = { ...tokenizerJson(), model: { ...tokenizerJson().model, vocab } }
      expect(tokenizerFromJson(JSON.parse(JSON.stringify(json))).alphabet).toEqual(alphabet)
    })
  )
})

test.each([
  ['merges', { model: { ...tokenizerJson().model, merges: ['a b'] } }, 'model.merges: expected none'],
  ['another model', { model: { type: 'Unigram', vocab: [] } }, 'model.type'],
  [
    'long tokens',
    { model: { ...tokenizerJson().model, vocab: { a: 0, th: 1 } } },
    'token "th" is not a single character'
  ],
  ['gaps', { model: { ...tokenizerJson().model, vocab: { a: 0, b: 2 } } }, 'id 1 is not used exactly once'],
  ['special tokens', { added_tokens: [{ id: 55, content: '<s>' }] }, 'added_tokens: expected none'],
  ['a splitter that drops text', { pre_tokenizer: { type: 'Whitespace' } }, 'pre_tokenizer.type']
])('tokenizer.json with %s is refused with what is supported', (_, change, message) => {
  const read = () => tokenizerFromJson({ ...tokenizerJson(), ...change })
  expect(read).toThrow('only character-level tokenizers are supported')
  expect(read).toThrow(message)
})
