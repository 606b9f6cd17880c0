import fc from 'fast-check'
import { expect, test } from 'vitest'
import { spreadOver, tilePlaces } from './tiles'

const sides = fc.double({ min: 10, max: 2000, noNaN: true })

test('tiles are of equal area and fill the area without lying over each other', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 600 }), sides, sides, (count, width, height) => {
      const tiles = tilePlaces(count, width, height)
      expect(tiles).toHaveLength(count)
      for (const tile of tiles) expect((tile.width * tile.height * count) / (width * height)).toBeCloseTo(1, 9)
      tiles.forEach(({ x, y, width: side, height: tall }, i) => {
        const next = tiles[i + 1]
        const sameRow = next !== undefined && next.x > 0
        expect(x + side).toBeCloseTo(sameRow ? next.x : width, 6)
        expect(sameRow ? next.y : y + tall).toBeCloseTo(sameRow ? y : (next?.y ?? height), 6)
      })
    })
  )
})

test('as many tiles are strong as make up the part, all different', () => {
  expect(spreadOver(256, 8 / 256).size).toBe(8)
  const [first = 8, second = 0] = spreadOver(8, 2 / 8)
  expect([first < 4, second >= 4 && second < 8]).toEqual([true, true])
  expect(spreadOver(2048, 1 / 2048).size).toBe(1)
  expect(spreadOver(16, 1).size).toBe(16)
})
