/**
 * Small tokenizers of each kind, trained and asked by tokenizers 0.23 (Rust), whose ids and texts stand in
 * `subword-files.json` beside each file.
 */
import { expect, test } from 'vitest'
import { FormatError } from '../formats/format-error'
import { fitTokenizer, idTokenizer } from './ids'
import { openTokenizer } from './open'
import files from './subword-files.json'

test.each(files)('$name: ids and texts are those of other software', async ({ json, opening, texts }) => {
  const tokenizer = await openTokenizer(json)
  expect([...tokenizer.opening]).toEqual(opening)
  for (const { text, ids, decoded } of texts) {
    expect([text, [...tokenizer.encode(text)]]).toEqual([text, ids])
    expect(tokenizer.decode(ids)).toBe(decoded)
  }
  expect(tokenizer.files()['tokenizer.json']).toEqual(json)
})

test.each(files)('$name: tokens have the text that they have in the midst of another', async ({ json, texts }) => {
  const tokenizer = await openTokenizer(json)
  const [{ ids, decoded }] = texts as [(typeof texts)[number]]
  // The space with which decoders begin is taken away.
  expect(ids.map(tokenizer.tokenText).join('').trimStart()).toBe(decoded)
  expect(() => tokenizer.tokenText(tokenizer.size)).toThrow(`outside the vocabulary of ${tokenizer.size} tokens`)
})

test('a part of a character is shown by its name', async () => {
  const [bytes, fallback] = await Promise.all(files.map(({ json }) => openTokenizer(json)))
  const euro = fallback?.encode('€') ?? []
  expect(Array.from(euro, (id) => fallback?.tokenText(id))).toEqual([' ', '<0xE2>', '<0x82>', '<0xAC>'])
  expect(Array.from(bytes?.encode('é') ?? [], (id) => bytes?.tokenText(id))).toEqual(['Ã', '©'])
})

test('characters without a token are named; bytes stand for all', async () => {
  const [bytes, fallback, unigram] = await Promise.all(files.map(({ json }) => openTokenizer(json)))
  expect(bytes?.unknownCharacters('naïve 🙂')).toEqual([])
  expect(fallback?.unknownCharacters('naïve 🙂')).toEqual([])
  expect(unigram?.unknownCharacters('naïve 🙂 🙂')).toEqual(['ï', 'v', '🙂'])
})

test('rows of the embedding without a token have their number; a tokenizer of another model is refused', async () => {
  const [file] = files
  const tokenizer = await openTokenizer(file?.json)
  const fitted = fitTokenizer(tokenizer, 320)
  expect(fitted.size).toBe(320)
  expect(fitted.tokenText(310)).toBe('[310]')
  expect(fitted.decode([288, 310])).toBe('the[310]')
  expect(fitted.decode([288, 265])).toBe(tokenizer.decode([288, 265]))
  expect(fitTokenizer(tokenizer, 300)).toBe(tokenizer)
  for (const rows of [299, 512]) {
    expect(() => fitTokenizer(tokenizer, rows)).toThrow(FormatError)
    expect(() => fitTokenizer(tokenizer, rows)).toThrow(`has 300 tokens, but config.json says vocab_size ${rows}`)
  }
})

test('a model without a tokenizer reads ids', () => {
  const tokenizer = idTokenizer(8)
  expect(tokenizer.decode([3, 7])).toBe('[3][7]')
  expect(() => tokenizer.tokenText(8)).toThrow('outside the vocabulary of 8 tokens')
  expect(tokenizer.unknownCharacters('aba')).toEqual(['a', 'b'])
  expect(() => tokenizer.encode('a')).toThrow('no tokenizer.json')
})
