import fc from 'fast-check'
import { expect, test } from 'vitest'
import { axisText, logScale, meterText } from './meter'

const sizes = fc.array(fc.integer({ min: 10, max: 1_000_000_000 }), { minLength: 1, maxLength: 6 })

test('a logarithmic scale holds all values between round numbers', () => {
  fc.assert(
    fc.property(sizes, (values) => {
      const { scale, ticks } = logScale(values)
      for (const value of values) expect(scale(value)).toSatisfy((place: number) => place > 0 && place <= 1)
      expect(scale(ticks[0] ?? 0)).toBe(0)
      expect(scale(ticks.at(-1) ?? 0)).toBeCloseTo(1, 12)
      for (const tick of ticks) expect(['1', '2', '5']).toContain(String(tick).replace(/0+$/, ''))
    })
  )
})

test('equal factors are equal lengths', () => {
  const { scale } = logScale([1000, 100_000])
  expect(scale(100_000) - scale(10_000)).toBeCloseTo(scale(10_000) - scale(1000), 12)
})

test('a bar ends in its value and shows its interval', () => {
  const scale = (value: number) => value / 10
  expect(meterText({ value: 6, low: 6, high: 6 }, scale, 11)).toBe('━━━━━━●    ')
  expect(meterText({ value: 6, low: 3, high: 8 }, scale, 11)).toBe('━━━├──●─┤  ')
  expect(meterText({ value: 0, low: 0, high: 0 }, scale, 11)).toBe('●          ')
})

test('labels of an axis stand where their values lie and never touch', () => {
  const scale = (value: number) => value / 10
  expect(axisText([0, 5, 10], String, scale, 21)).toBe('0         5        10')
  expect(axisText([0, 1, 2, 10], () => 'long', scale, 21)).toBe('long             long')
})
