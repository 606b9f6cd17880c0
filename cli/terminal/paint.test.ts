import { expect, test } from 'vitest'
import { colourDepth, createPaint } from './paint'

test.each([
  [true, {}, '256'],
  [true, { COLORTERM: 'truecolor' }, '24-bit'],
  [true, { COLORTERM: 'truecolor', NO_COLOR: '1' }, 'none'],
  [true, { COLORTERM: 'truecolor', NO_COLOR: '' }, '24-bit'],
  [true, { TERM: 'dumb' }, 'none'],
  [false, { COLORTERM: 'truecolor' }, 'none']
] as const)('terminal %s with %j has colours: %s', (isTerminal, environment, depth) => {
  expect(colourDepth(isTerminal, environment)).toBe(depth)
})

test('without colours text stays as it is', () => {
  const paint = createPaint('none')
  expect(paint.bold(paint.moe(paint.expert('text', 3, 16)))).toBe('text')
})

test('a colour of the 256 is the nearest of the cube to the 24-bit one', () => {
  const levels = [0, 95, 135, 175, 215, 255]
  const numbers = (text: string) => (/\[38;[25];([\d;]+)m/.exec(text)?.[1] ?? '').split(';').map(Number)
  const [exact, coarse] = [createPaint('24-bit'), createPaint('256')]
  for (let expert = 0; expert < 24; expert++) {
    const [code = 0] = numbers(coarse.expert('x', expert, 24))
    const cube = [Math.floor((code - 16) / 36), Math.floor((code - 16) / 6) % 6, (code - 16) % 6]
    numbers(exact.expert('x', expert, 24)).forEach((value, channel) => {
      const distances = levels.map((level) => Math.abs(level - value))
      expect(distances[cube[channel] ?? -1]).toBe(Math.min(...distances))
    })
  }
})
