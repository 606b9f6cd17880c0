import { expect, test } from 'vitest'
import { tokenizer } from '../corpus'
import { lastWindow, PromptError, promptTokens } from './prompt'

test('a prompt begins with the newline that ended the document before it', () => {
  expect(tokenizer.decode(promptTokens('rev abc>', tokenizer, 64))).toBe('\nrev abc>')
})

test('an empty prompt, unknown characters and a line that fills the context are refused', () => {
  expect(() => promptTokens('', tokenizer, 64)).toThrow(PromptError)
  expect(() => promptTokens('', tokenizer, 64)).toThrow('choose an example')
  expect(() => promptTokens('Zoé lives', tokenizer, 64)).toThrow(/do not know: "Z", "é"/)
  expect(() => promptTokens('a'.repeat(63), tokenizer, 64)).toThrow('has 63 characters')
  expect(promptTokens('a'.repeat(62), tokenizer, 64)).toHaveLength(63)
  expect(promptTokens(`${'a'.repeat(100)}\nb`, tokenizer, 64)).toHaveLength(103)
})

test('the last window begins at the first document that leaves room for one more token', () => {
  const newline = 0
  const text = [newline, 1, 2, 3, newline, 4, 5, newline, 6]
  expect(lastWindow(text, newline, 10)).toEqual(text)
  expect(lastWindow(text, newline, 9)).toEqual([newline, 4, 5, newline, 6])
  expect(lastWindow(text, newline, 5)).toEqual([newline, 6])
  expect(lastWindow([1, 2, 3, 4, 5, 6], newline, 4)).toEqual([5, 6])
})
