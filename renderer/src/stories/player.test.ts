import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Player, pass, playerKeys, press } from './player'
import { freshStage } from './state'

const keys = [
  ' ',
  'ArrowRight',
  'PageDown',
  'ArrowLeft',
  'PageUp',
  'Backspace',
  'Home',
  'End',
  'ArrowUp',
  'ArrowDown',
  'b',
  'B',
  '.',
  'o',
  'g',
  'l',
  'r',
  's',
  'f',
  't',
  'Enter',
  'Escape',
  'Tab',
  'Dead',
  'Unidentified',
  'é',
  ''
]
const anyKey = fc.oneof(fc.constantFrom(...keys, ...'0123456789'), fc.string({ maxLength: 3 }))
const begun: Player = { ...freshStage, chapter: 0 }

function after(pressed: readonly string[], count: number, player = begun): Player {
  return pressed.reduce((state, key) => press(state, key, count).player, player)
}

test('any keys in any order leave a chapter of the story and a moment of its record', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(anyKey, fc.double({ min: 0, max: 0.2, noNaN: true })), { maxLength: 200 }),
      fc.integer({ min: 1, max: 30 }),
      (events, count) => {
        let player = begun
        for (const event of events) {
          const before = player
          player = typeof event === 'number' ? pass(player, event) : press(player, event, count).player
          expect(Number.isInteger(player.chapter) && player.chapter >= 0 && player.chapter < count).toBe(true)
          expect(player.moment >= 0 && player.moment <= 1).toBe(true)
          // Another chapter always begins at its beginning, and a dark stage stays where it is.
          if (player.chapter !== before.chapter && player.shows === 'chapter')
            expect(player).toEqual({ ...freshStage, chapter: player.chapter })
          if (before.black) expect(player.chapter).toBe(before.chapter)
        }
      }
    )
  )
})

test('the keys above are all that the player knows, and those that it tells of', () => {
  const source = readFileSync('renderer/src/stories/player.ts', 'utf8')
  const [, wishes = ''] = /const wishes = \{(.*)\}/.exec(source) ?? []
  const known = [
    ...[...source.matchAll(/(?:case|name ===) '([^']+)'/g)].map(([, key = '']) => key),
    ...[...wishes.matchAll(/(\w+):/g)].map(([, key = '']) => key)
  ]
  expect(known.length).toBeGreaterThan(20)
  expect(known.filter((key) => !keys.includes(key))).toEqual([])
  const told = playerKeys.flatMap(([names]) => names.split(/, | or a number, /))
  const written: Readonly<Record<string, string>> = {
    Space: ' ',
    '→': 'ArrowRight',
    '←': 'ArrowLeft',
    '↑': 'ArrowUp',
    '↓': 'ArrowDown',
    Esc: 'Escape'
  }
  const pressed = told.map((name) => written[name] ?? (name.length === 1 ? name.toLowerCase() : name.replace(' ', '')))
  expect(pressed.filter((key) => !keys.includes(key))).toEqual([])
})

test('a clicker counts: as many chapters forwards and back as it was pressed, within the story', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('PageDown', 'PageUp'), { maxLength: 100 }),
      fc.integer({ min: 1, max: 12 }),
      (pressed, count) => {
        const expected = pressed.reduce(
          (at, key) => Math.min(count - 1, Math.max(0, at + (key === 'PageDown' ? 1 : -1))),
          0
        )
        expect(after(pressed, count).chapter).toBe(expected)
      }
    )
  )
})

test('Escape gives back the chapter, and pressed again leaves the story', () => {
  fc.assert(
    fc.property(fc.array(anyKey, { maxLength: 50 }), (pressed) => {
      const there = after(pressed, 9)
      const back = press(there, 'Escape', 9)
      if (there.black || there.shows !== 'chapter') {
        expect(back.wish).toBeUndefined()
        expect(after(['Escape', 'Escape'], 9, there)).toMatchObject({
          chapter: there.chapter,
          black: false,
          shows: 'chapter'
        })
      } else expect(back).toEqual({ player: there, wish: 'leave' })
    })
  )
})

test('a number goes to its chapter, and one beyond the story to the last', () => {
  expect(after(['4', 'Enter'], 9).chapter).toBe(3)
  expect(after(['g', '1', '2', 'Enter'], 20).chapter).toBe(11)
  expect(after(['9', '9', 'Enter'], 9).chapter).toBe(8)
  expect(after(['0', 'Enter'], 9).chapter).toBe(0)
  expect(after(['1', '2', 'Backspace', 'Enter'], 20).chapter).toBe(0)
  expect(after(['5', 'Escape'], 9)).toEqual(begun)
})

test('time is moved by hand forwards and backwards, and then stands still', () => {
  const moved = after(['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp'], 3)
  expect(moved.moment).toBe(0.2)
  expect(pass(moved, 0.5)).toBe(moved)
  expect(pass(begun, 0.75)).toMatchObject({ moment: 0.75, runs: true })
  expect(pass(begun, 7)).toMatchObject({ moment: 1, runs: false })
})

test('the overview chooses with the same keys and shows the chapter anew', () => {
  expect(after(['End', 'b', 'x', 'o', 'ArrowLeft', 'ArrowLeft', 'Enter'], 9)).toEqual({ ...freshStage, chapter: 6 })
})
