import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeLabels, spreadApart } from './labels'

test('what is spread keeps its order, lies apart, and moves only where it must', () => {
  const items = fc.array(fc.record({ y: fc.float({ min: 0, max: 500, noNaN: true }) }), { maxLength: 20 })
  fc.assert(
    fc.property(items, (given) => {
      const spread = spreadApart(given, 15)
      const sorted = given.map(({ y }) => y).sort((a, b) => a - b)
      spread.forEach(({ y }, i) => {
        expect(y).toBeGreaterThanOrEqual(sorted[i] ?? 0)
        if (i > 0) expect(y - (spread[i - 1]?.y ?? 0)).toBeGreaterThanOrEqual(15 - 1e-9)
      })
      if (sorted.every((y, i) => i === 0 || y - (sorted[i - 1] ?? 0) >= 15)) {
        expect(spread.map(({ y }) => y)).toEqual(sorted)
      }
    })
  )
})

test('a name goes to the right, and elsewhere where that is taken or beyond the end', () => {
  const room = { width: 200, textScale: 1 }
  const place = (labels: { x: number; y: number; text: string }[], points = labels) =>
    placeLabels(labels, points, room).map(({ anchor, text }) => [text, anchor])
  expect(place([{ x: 20, y: 50, text: 'alone' }])).toEqual([['alone', 'start']])
  expect(place([{ x: 190, y: 50, text: 'at the end' }])).toEqual([['at the end', 'end']])
  const two = [
    { x: 100, y: 50, text: 'one' },
    { x: 115, y: 50, text: 'two' }
  ]
  expect(place(two)).toEqual([
    ['one', 'end'],
    ['two', 'start']
  ])
  const crowd = Array.from({ length: 40 }, (_, i) => ({ x: 100, y: 50, text: `crowd ${i}` }))
  expect(place(crowd).length).toBeLessThan(5)
})
