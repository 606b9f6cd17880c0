import { expect, test } from 'vitest'
import { sentenceOf } from './sentence'

test.each([
  ["Error invoking remote method 'file:read': Error: a.json cannot be read", 'a.json cannot be read'],
  ["Error invoking remote method 'file:read': TypeError: x is not a function", 'x is not a function'],
  ["Error invoking remote method 'file:read': reply was never sent", 'reply was never sent'],
  ['An object could not be cloned.', 'An object could not be cloned.']
])('%s', (message, sentence) => {
  expect(sentenceOf(new Error(message))).toBe(sentence)
})
