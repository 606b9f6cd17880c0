import { expect, test } from 'vitest'
import {
  formatBytes,
  formatCarbon,
  formatDifference,
  formatEnergy,
  formatLarge,
  formatMemory,
  formatPower
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
