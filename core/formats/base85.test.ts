import fc from 'fast-check'
import { expect, test } from 'vitest'
import { base85Bytes } from './base85'

test.each([
  // base64.b85encode of Python 3.12.
  ['', ''],
  ['a', 'VE'],
  ['ab', 'VPX'],
  ['abc', 'VPaz'],
  ['abcd', 'VPa!s'],
  ['Hello, world', 'NM&qnZ!92pZ*pv8'],
  ['\xff\xff\xff\xff\x00', '|NsC000']
])('%j is read', (bytes, text) => {
  expect(Buffer.from(base85Bytes(text, 'f')).toString('latin1')).toBe(bytes)
})

test.each([
  ['a truncated text', 'VPROmV', /^f: base85 of 6 characters: the text is truncated/],
  ['another alphabet', 'VP"Om', /^f: character 2: expected base85, found "\\""/],
  ['more than four bytes', '~~~~~', /^f: character 0: five characters beyond four bytes/]
])('%s is refused', (_, text, message) => {
  expect(() => base85Bytes(text, 'f')).toThrow(message)
})

test('any text gives bytes or an error in words', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        expect(base85Bytes(text, 'f').length).toBe(Math.floor((text.length * 4) / 5))
      } catch (error) {
        expect(error).toHaveProperty('name', 'FormatError')
      }
    })
  )
})
