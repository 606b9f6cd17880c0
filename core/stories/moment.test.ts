import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recordAt } from './moment'
import type { StoryRecord } from './records'
import { everyKind } from './story.fixture'

const records = everyKind.chapters.flatMap(({ record }) => record ?? [])
const moments = fc.double({ min: 0, max: 1, noNaN: true })

/** The record of a kind. */
function recordOf<Kind extends StoryRecord['kind']>(kind: Kind): Extract<StoryRecord, { kind: Kind }> {
  const found = records.find((record) => record.kind === kind)
  if (!found) throw new Error(kind)
  return found as Extract<StoryRecord, { kind: Kind }>
}

/** The part of a record that is told. */
function amount(record: StoryRecord): number {
  switch (record.kind) {
    case 'texts':
      return record.models.reduce((sum, { tokens }) => sum + tokens.length, 0)
    case 'lines':
      return Math.max(0, ...record.series.flatMap(({ points }) => points.map(({ x }) => x)))
    case 'bars':
      return record.rows.length
    case 'loads':
      return record.frames[0]?.shares[0]?.[0] ?? 0
    default:
      return 0
  }
}

test('later moments tell no less, and the last one everything', () => {
  fc.assert(
    fc.property(fc.constantFrom(...records), moments, moments, (record, a, b) => {
      const [early, late] = [Math.min(a, b), Math.max(a, b)]
      expect(amount(recordAt(record, early))).toBeLessThanOrEqual(amount(recordAt(record, late)) + 1e-9)
      if (record.kind !== 'loads') expect(recordAt(record, 1)).toBe(record)
    })
  )
})

test('a line ends where its axes have the moment: in the middle of a logarithmic one, at the geometric mean', () => {
  const half = recordAt(recordOf('lines'), 0.25)
  expect(half.series[0]?.points).toHaveLength(2)
  expect(half.series[0]?.points[1]?.x).toBeCloseTo(Math.sqrt(10), 12)
  expect(half.series[0]?.points[1]?.y).toBeCloseTo(1, 12)
  expect(half.series[1]?.points).toEqual([{ x: 1, y: 1 }])
})

test('a text begins with its prompt alone, and two texts of other lengths go on side by side', () => {
  const texts = recordOf('texts')
  expect(recordAt(texts, 0).models.map(({ tokens }) => tokens.length)).toEqual([0, 0])
  expect(recordAt(texts, 0.4).models.map(({ tokens }) => tokens.length)).toEqual([3, 3])
  expect(recordAt(texts, 0.8).models.map(({ tokens }) => tokens.length)).toEqual([5, 7])
})
