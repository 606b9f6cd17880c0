import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeBeside, placeWindow, type Rectangle } from './placement'

const main: Rectangle = { x: 0, y: 25, width: 1920, height: 1055 }
const beside: Rectangle = { x: -1440, y: 0, width: 1440, height: 900 }

test.each([
  ['where it was', { x: 100, y: 100, width: 1280, height: 800 }, { x: 100, y: 100, width: 1280, height: 800 }],
  [
    'on the second display',
    { x: -1400, y: 50, width: 1100, height: 700 },
    { x: -1400, y: 50, width: 1100, height: 700 }
  ],
  [
    'pushed back onto its display',
    { x: 1700, y: 900, width: 1280, height: 800 },
    { x: 640, y: 280, width: 1280, height: 800 }
  ],
  ['smaller, as its display is', { x: -1440, y: 0, width: 2000, height: 2000 }, beside],
  [
    'in the middle, as its display is gone',
    { x: 5000, y: 100, width: 1280, height: 800 },
    { x: 320, y: 153, width: 1280, height: 800 }
  ],
  [
    'in the middle, as its edge is out of reach',
    { x: 100, y: -500, width: 1280, height: 800 },
    { x: 320, y: 153, width: 1280, height: 800 }
  ]
])('a window goes %s', (_name, remembered, place) => {
  expect(placeWindow(remembered, [main, beside])).toEqual(place)
})

test('the first time it is in the middle of the main display, and no larger', () => {
  expect(placeWindow(null, [main, beside])).toEqual({ x: 320, y: 153, width: 1280, height: 800 })
  expect(placeWindow(null, [{ x: 0, y: 0, width: 1024, height: 600 }])).toEqual({
    x: 0,
    y: 0,
    width: 1024,
    height: 600
  })
  expect(placeWindow(null, [])).toMatchObject({ width: 1280, height: 800 })
})

test('wherever it was, it lies wholly within one display', () => {
  const side = fc.integer({ min: 100, max: 5000 })
  const at = fc.integer({ min: -9000, max: 9000 })
  const rectangle = fc.record({ x: at, y: at, width: side, height: side })
  fc.assert(
    fc.property(rectangle, fc.array(rectangle, { minLength: 1, maxLength: 3 }), (remembered, areas) => {
      const place = placeWindow(remembered, areas)
      expect(areas.some((area) => lies(place, area))).toBe(true)
    })
  )
})

test('one more window is in the middle of another display, else a step from the one it is opened from', () => {
  const from = { x: 10, y: 50, width: 1400, height: 850 }
  expect(placeBeside(from, main, beside)).toEqual({ x: -1360, y: 50, width: 1280, height: 800 })
  expect(placeBeside(from, main, undefined)).toEqual({ x: 42, y: 82, width: 1400, height: 850 })
  expect(placeBeside(main, main, undefined)).toEqual(main)
})

function lies(inner: Rectangle, outer: Rectangle): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  )
}
