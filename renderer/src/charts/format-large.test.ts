import { expect, test } from 'vitest'
import {
  formatBytes,
  formatCarbon,
  formatDifference,
  formatEnergy,
  formatLarge,
  formatMemory,
  formatPower,
  inOneUnit,
  parseLarge
} from './format-large'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')

test.each([
  [formatBytes, 70_272, '70.3 kB'],
  [formatBytes, 0, '0 B'],
  [formatBytes, 999_999, '1 MB'],
  [formatMemory, 80 * 2 ** 30, '80 GiB'],
  [formatMemory, 2 * 671e9, '1.22 TiB'],
  [formatMemory, 1023.9 * 2 ** 20, '1 GiB'],
  [formatLarge, 14.8e12, '14.8 T'],
  [formatLarge, 950, '950'],
  [formatPower, 5.76e23, '5.8 × 10²³'],
  [formatPower, 1e21, '1 × 10²¹'],
  [formatPower, 120, '120'],
  [formatEnergy, 1_287_000, '1.29 GWh'],
  [formatCarbon, 552_100, '552 t'],
  [formatCarbon, 0.4, '400 g'],
  [formatCarbon, 24.7, '24.7 kg'],
  [formatDifference, 0, '±0 %'],
  [formatDifference, -0.48, '−48 %'],
  [formatDifference, 0.034, '+3.4 %'],
  [formatDifference, 0.00004, '+0.004 %']
])('%o', (format, value, text) => {
  expect(plain(format(value))).toBe(text)
})

test.each([
  ['70B', 70e9],
  ['1.4T', 1.4e12],
  ['1.4 t', 1.4e12],
  ['350m', 350e6],
  ['12,500', 12_500],
  ['3e23', 3e23],
  ['5.8 × 10²³', 5.8e23],
  ['2*10^9', 2e9],
  ['.5k', 500]
])('%s is typed for %d', (text, amount) => {
  expect(parseLarge(text)).toBe(amount)
})

test.each(['', 'B', '70 parameters', '-3B', '1.2.3', '7e9B9'])('“%s” is no amount', (text) => {
  expect(parseLarge(text)).toBeUndefined()
})

test('what is written is read again, to the digits that are written', () => {
  for (const amount of [7, 999, 1e3, 12_345, 6.7e9, 1.04e12, 3.3e15]) {
    expect(parseLarge(formatLarge(amount))).toBeCloseTo(Number(amount.toPrecision(3)), 0)
  }
  for (const amount of [1e21, 5.8e23, 4.2e25]) expect(parseLarge(formatPower(amount))).toBe(amount)
})

// Patterson et al. 2021, table 4, and Luccioni et al. 2022: 1,287 and 433 MWh.
test('amounts of one picture have one unit', () => {
  expect([1_287_000, 433_196, 408, 0.3, 0].map(inOneUnit('energy', 1_287_000)).map(plain)).toEqual([
    '1,290 MWh',
    '433 MWh',
    '0.408 MWh',
    '<0.001 MWh',
    '0 MWh'
  ])
  expect([552_100, 24_690].map(inOneUnit('carbon', 552_100)).map(plain)).toEqual(['552 t', '24.7 t'])
})
