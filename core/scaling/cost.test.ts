import { expect, test } from 'vitest'
import {
  costOfDeviceHours,
  costOfFlops,
  costOfMillionTokens,
  deviceHoursOf,
  publishedSites,
  publishedTrainings
} from './cost'

const days = (count: number, devices: number) => count * 24 * devices
const site = (name: string) =>
  publishedSites.find((each) => each.name.includes(name)) ?? expect.fail(`no site '${name}'`)

const close = (found: number, published: number) => Math.abs(found / published - 1)

// Patterson et al. 2021 (arXiv 2104.10350), table 4: days, processors, watts, PUE, kg CO2e per kWh -> MWh, t CO2e. The
// days are printed to one or two digits, hence the tolerance.
test.each([
  ['GPT-3', 14.8, 10_000, 330, 1.1, 429, 1287, 552.1],
  ['T5', 20, 512, 310, 1.12, 545, 85.7, 46.7],
  ['Switch', 27, 1024, 245, 1.1, 330, 179, 59.1]
])('%s: energy and carbon as published', (_, count, devices, watts, pue, gramsPerKwh, megawattHours, tonnes) => {
  const { kilowattHours, kilogramsCo2e } = costOfDeviceHours(days(count, devices), { watts, pue, gramsPerKwh })
  expect(close(kilowattHours / 1000, megawattHours)).toBeLessThan(0.01)
  expect(close(kilogramsCo2e / 1000, tonnes)).toBeLessThan(0.01)
})

// Luccioni et al. 2022 (arXiv 2211.02001), section 4.2: 1,082,990 hours of A100s of 400 W, PUE not counted.
test('BLOOM: 433,196 kWh and 24.69 t', () => {
  const { kilowattHours, kilogramsCo2e } = costOfDeviceHours(1_082_990, { ...site('Jean Zay'), watts: 400, pue: 1 })
  expect(kilowattHours).toBeCloseTo(433_196, 0)
  expect(kilogramsCo2e / 1000).toBeCloseTo(24.69, 1)
})

// Touvron et al. 2023 (arXiv 2302.13971), table 15: 1,022,362 hours of 400 W, 449 MWh, 173 t.
test('LLaMA 65B: 449 MWh and 173 t', () => {
  const { kilowattHours, kilogramsCo2e } = costOfDeviceHours(1_022_362, { ...site('LLaMA'), watts: 400 })
  expect(Math.floor(kilowattHours / 1000)).toBe(449)
  expect(Math.round(kilogramsCo2e / 1000)).toBe(173)
})

// The same table 4: 3.14e23 FLOPs at 24.6 TFLOP/s on each V100, whose peak is 125 TFLOP/s.
test('GPT-3: the published FLOPs and speed give the published days', () => {
  const device = { flopsPerSecond: 125e12, utilisation: 24.6 / 125 }
  expect(close(deviceHoursOf(3.14e23, device), days(14.8, 10_000))).toBeLessThan(0.01)
  expect(costOfFlops(3.14e23, device, { ...site('GPT-3'), watts: 330 }).kilogramsCo2e / 552_100).toBeCloseTo(1, 1)
})

// Emissions of a kWh, as the same sources print them apart from the totals; GPT-3, T5 and Switch in table 4.
test.each([
  ['T5', 545],
  ['Switch (1.5 T)', 330],
  ['BLOOM', 57],
  ['LLaMA 65B', 385],
  ['GPT-3', 429]
])('%s: published energy and carbon agree with the published grid', (name, gramsPerKwh) => {
  const training = publishedTrainings.find((each) => each.name === name) ?? expect.fail(`no training '${name}'`)
  expect(close(training.kilogramsCo2e / training.kilowattHours, gramsPerKwh / 1000)).toBeLessThan(0.005)
})

test('a million tokens at a thousand a second take a thousand seconds of every device', () => {
  const cost = costOfMillionTokens(1000, 8, { watts: 450, pue: 1, gramsPerKwh: 0 })
  expect(cost).toEqual({
    standing: 'estimate',
    deviceHours: expect.closeTo((8 * 1000) / 3600, 9),
    kilowattHours: expect.closeTo(1, 9),
    kilogramsCo2e: 0
  })
})

test('impossible figures are refused by name', () => {
  const at = { watts: 400, pue: 1.1, gramsPerKwh: 400 }
  expect(() => costOfDeviceHours(-1, at)).toThrow('device-hours: expected a number of 0 or more, found -1')
  expect(() => costOfDeviceHours(1, { ...at, pue: 0.9 })).toThrow('PUE: expected a number of 1 or more, found 0.9')
  expect(() => deviceHoursOf(1, { flopsPerSecond: 1e12, utilisation: 1.2 })).toThrow('found 1.2')
  expect(() => costOfMillionTokens(0, 1, at)).toThrow('tokens per second: expected a positive number, found 0')
})
