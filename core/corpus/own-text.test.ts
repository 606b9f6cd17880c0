import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textDomainIds } from './domain-ids'
import { mostTextBytes, readOwnText, splitOwnText, whyTooShort } from './own-text'
import { tokenizer } from './tokenizer'

const read = (text: string) => readOwnText(new TextEncoder().encode(text), 'notes.txt')

test('paragraphs become documents of a line, capitals small letters, and the rest is left out and counted', () => {
  expect(
    read('\ufeffDon\u2019t PANIC!\r\nCaf\u00e9 \u2013 a\u00a0place.\r\n\r\n \t\nSecond; it\u2019s 1 + 1 = 2!!')
  ).toEqual({
    text: 'dont panic cafe - a place.\nsecond; its 1 + 1 = 2\n',
    documents: 2,
    training: 'dont panic cafe - a place.\n'.length,
    validation: 'second; its 1 + 1 = 2\n'.length,
    changed: [...'DPANICC\u00e9\u2013S'].length,
    leftOut: [
      { character: '!', count: 3 },
      { character: '\u2019', count: 2 }
    ]
  })
})

test('without a blank line each line is a document', () => {
  expect(read('one\ntwo\nthree')).toMatchObject({ text: 'one\ntwo\nthree\n', documents: 3 })
})

test('any text comes to known characters, and is the same when it is read again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.string({ maxLength: 200 }), (one, other) => {
      const { text, documents, training, validation } = read(`ab\n\ncd\n\n${one}\n\n${other}`.replaceAll('\0', ''))
      expect(tokenizer.unknownCharacters(text)).toEqual([])
      expect(text.split('\n')).toHaveLength(documents + 1)
      expect(training + validation).toBe(text.length)
      expect(read(text).text).toBe(text)
    })
  )
})

test('every tenth document is kept for validation, or the last of fewer', () => {
  const documents = Array.from({ length: 25 }, (_, i) => `document ${i}`)
  const decode = ({ tokens }: { tokens: Uint8Array }) => tokenizer.decode(tokens).trimEnd().split('\n')
  const { training, validation } = splitOwnText(`${documents.join('\n')}\n`)
  expect(decode(validation)).toEqual(['document 9', 'document 19'])
  expect(decode(training)).toEqual(documents.filter((document) => !decode(validation).includes(document)))
  expect(
    [...training.documentStarts].map((start) => tokenizer.decode(training.tokens.slice(start, start + 3)))
  ).toEqual(Array(23).fill('doc'))
  expect(new Set(training.domains)).toEqual(new Set([textDomainIds.indexOf('own')]))
  expect(decode(splitOwnText('one\ntwo\nthree\n').validation)).toEqual(['three'])
})

test.each([
  ['one document', 'a paragraph\nof two lines'.replace('\n', ' '), /^notes\.txt is one document, .*blank lines$/],
  ['one character', 'aaaa\n\naaa', "notes.txt consists of the character 'a' alone: there is nothing to learn"],
  ['nothing', ' \n\n ', 'notes.txt has no character that the models know'],
  ['no known character', '\u4f60\u597d\n\n\u4e16\u754c', 'notes.txt has no character that the models know'],
  ['zeros', 'PK\u0003\u0004\0\0', 'notes.txt is no text: it holds the byte 0']
])('%s is refused', (_, text, reason) => {
  expect(() => read(text)).toThrow(reason)
})

test('another encoding and a text that is too long are refused', () => {
  expect(() => readOwnText(Uint8Array.of(0x63, 0x61, 0x66, 0xe9), 'latin.txt')).toThrow(
    'latin.txt is no text in UTF-8: save it in that encoding'
  )
  expect(() => readOwnText(new Uint8Array(20 * mostTextBytes), 'long.txt')).toThrow(
    'long.txt has 200 MB, and up to 10 MB are read: take a part of it'
  )
})

test('a text is too short where it has no whole window after its first character', () => {
  expect(whyTooShort({ training: 65, validation: 65 }, 64)).toBeUndefined()
  expect(whyTooShort({ training: 65, validation: 64 }, 64)).toMatch(
    /^the text has 65 .* 64 for validation, and a window has 64/
  )
})
