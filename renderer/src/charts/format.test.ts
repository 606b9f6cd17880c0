import { expect, test } from 'vitest'
import { formatCount, formatPercent, formatRatio, formatSpeed, visible } from './format'

const space = '\u00a0'

test.each([
  [0, '0'],
  [999, '999'],
  [1240, `1.24${space}k`],
  [27_034, `27${space}k`],
  [101_056, `101${space}k`],
  [404_000, `404${space}k`],
  [200_000, `200${space}k`],
  [500_000, `500${space}k`],
  [579_072, `579${space}k`],
  [999_499, `999${space}k`],
  [999_500, `1${space}M`],
  [1_000_000, `1${space}M`],
  [2_306_000, `2.31${space}M`],
  [46_702_792_704, `46.7${space}B`],
  [671_026_419_200, `671${space}B`],
  [1e12, `1${space}T`]
])('%d is written %s', (value, text) => {
  expect(formatCount(value)).toBe(text)
})

test('speeds have three figures', () => {
  expect(formatSpeed(5132.7)).toBe('5,130')
  expect(formatSpeed(87.66)).toBe('87.7')
})

test('probabilities keep what is small in sight', () => {
  expect(formatPercent(0.973)).toBe(`97${space}%`)
  expect(formatPercent(0.031)).toBe(`3.1${space}%`)
  expect(formatPercent(0.0004)).toBe(`<0.1${space}%`)
  expect(formatPercent(0)).toBe(`0.0${space}%`)
})

test('ratios', () => {
  expect(formatRatio(3.81)).toBe('3.8×')
  expect(formatRatio(12.4)).toBe('12×')
  expect(formatRatio(5392.4)).toBe('5,392×')
})

test('spaces and ends of lines can be seen', () => {
  expect(visible('a b\n')).toBe('a␣b⏎')
})
