import fc from 'fast-check'
import { expect, test } from 'vitest'
import { linesOf, placeLabels, spreadApart } from './labels'

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

test('a label of several lines pushes the next one below its last', () => {
  const items = [{ y: 0, lines: ['two', 'lines'] }, { y: 10 }, { y: 100, lines: ['one'] }]
  expect(spreadApart(items, 15).map(({ y }) => y)).toEqual([0, 30, 100])
})

test('a label is broken at spaces where it is longer than its room, and all of its words are there', () => {
  expect(linesOf('Dense, d 32', 140)).toEqual(['Dense, d 32'])
  const long = 'Dense, d 32, magnitude 50\u00a0%, trained on'
  const lines = linesOf(long, 140)
  expect(lines.length).toBeGreaterThan(1)
  expect(lines.join(' ')).toBe(long)
  for (const each of lines) expect(each.length * 6.4).toBeLessThanOrEqual(140)
  expect(linesOf('incomprehensibilities', 40)).toEqual(['incomprehensibilities'])
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

test('a name goes where no line passes, and onto one where all places have one', () => {
  const point = { x: 100, y: 50 }
  const place = (lines: { x: number; y: number }[][]) =>
    placeLabels([{ ...point, text: 'name' }], [point], { lines, width: 200, textScale: 1 }).map(({ anchor }) => anchor)
  expect(place([[point, { x: 180, y: 50 }]])).toEqual(['end'])
  expect(
    place([
      [
        { x: 20, y: 50 },
        { x: 180, y: 50 }
      ]
    ])
  ).toEqual(['middle'])
  const grid = Array.from({ length: 50 }, (_, i) => [
    { x: 0, y: 2 * i },
    { x: 200, y: 2 * i }
  ])
  expect(place(grid)).toEqual(['start'])
})
