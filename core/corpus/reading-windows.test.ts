import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readingWindows } from './reading-windows'

const newline = 0
const lines = fc.array(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 20 }), { minLength: 1, maxLength: 12 })
const texts = lines.map((each) => each.flatMap((line) => [newline, ...line]))
const contexts = fc.integer({ min: 2, max: 16 })

test('every token is new in exactly one window, in order, and windows fit the context', () => {
  fc.assert(
    fc.property(texts, contexts, (tokens, context) => {
      let next = 0
      for (const { start, from, end } of readingWindows(tokens, newline, context)) {
        expect(from).toBe(next)
        expect(start).toBeLessThanOrEqual(from)
        expect(end).toBeGreaterThan(from)
        expect(end - start).toBeLessThanOrEqual(context)
        next = end
      }
      expect(next).toBe(tokens.length)
    })
  )
})

test('a line that fits is read whole, in a window that begins with a newline', () => {
  fc.assert(
    fc.property(texts, contexts, (tokens, context) => {
      const windows = readingWindows(tokens, newline, context)
      tokens.forEach((token, begin) => {
        if (token !== newline) return
        const after = tokens.indexOf(newline, begin + 1)
        const end = after < 0 ? tokens.length : after
        if (end - begin > context) return
        const window = windows.find((each) => each.from <= begin && begin < each.end)
        expect(tokens[window?.start ?? -1]).toBe(newline)
        expect(window?.end).toBeGreaterThanOrEqual(end)
      })
    })
  )
})

test('a line longer than the context goes on after the last half of a context', () => {
  expect(readingWindows([0, 1, 1, 1, 1, 1, 1, 0, 2], newline, 4)).toEqual([
    { start: 0, from: 0, end: 4 },
    { start: 2, from: 4, end: 6 },
    { start: 4, from: 6, end: 7 },
    { start: 7, from: 7, end: 9 }
  ])
})
