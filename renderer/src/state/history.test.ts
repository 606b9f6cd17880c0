import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyHistory, type History, redo, remember, undo } from './history'

/** Makes changes, each of its own, and says where that leads. */
function changed(values: readonly number[]): { history: History<number>; now: number } {
  let history: History<number> = emptyHistory
  let now = 0
  for (const value of values) {
    history = remember(history, now, undefined, 0)
    now = value
  }
  return { history, now }
}

test('undoing everything leads to the beginning, and redoing everything back to the end', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 40 }), (values) => {
      let { history, now } = changed(values)
      const seen = []
      for (let step = undo(history, now); step; step = undo(history, now)) {
        ;({ history, chosen: now } = step)
        seen.push(now)
      }
      expect(seen).toEqual([0, ...values].slice(0, -1).reverse().slice(0, values.length))
      const again = []
      for (let step = redo(history, now); step; step = redo(history, now)) {
        ;({ history, chosen: now } = step)
        again.push(now)
      }
      expect(again).toEqual(values)
    })
  )
})

test('typing is one change, until one pauses or does something else', () => {
  let history: History<string> = emptyHistory
  history = remember(history, '', 'prompt', 0)
  history = remember(history, 'a', 'prompt', 400)
  history = remember(history, 'ab', 'prompt', 800)
  expect(history.past).toEqual([''])
  history = remember(history, 'abc', 'prompt', 3000)
  history = remember(history, 'abcd', undefined, 3100)
  history = remember(history, 'abcd2', undefined, 3200)
  expect(history.past).toEqual(['', 'abc', 'abcd', 'abcd2'])
})

test('a drag is one change however slow it is, and the next one another', () => {
  let history: History<string> = emptyHistory
  history = remember(history, '', 'experts', 5000, 4990)
  history = remember(history, '3', 'experts', 9000, 4990)
  history = remember(history, '3 4', 'experts', 15_000, 4990)
  expect(history.past).toEqual([''])
  history = remember(history, '3 4 5', 'experts', 17_000, 16_990)
  expect(history.past).toEqual(['', '3 4 5'])
})

test('a new change forgets what was undone', () => {
  const { history, now } = changed([1, 2, 3])
  const back = undo(history, now)
  const anew = remember(back?.history ?? emptyHistory, back?.chosen ?? Number.NaN, undefined, 9)
  expect(back?.chosen).toBe(2)
  expect(redo(anew, 9)).toBeUndefined()
  expect(anew.past).toEqual([0, 1, 2])
})

test('no more than 200 changes are kept, the latest', () => {
  const { history } = changed(Array.from({ length: 500 }, (_, i) => i + 1))
  expect(history.past).toHaveLength(200)
  expect(history.past.at(-1)).toBe(499)
})
