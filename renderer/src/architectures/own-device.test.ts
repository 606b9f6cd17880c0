import { devices, findDevice, predictSpeed } from '@core/bench/predicted'
import { expect, test } from 'vitest'
import { ownDeviceSchema } from './choices'
import { describedAs, deviceOf } from './own-device'

const work = {
  denseBytes: 16e9,
  layers: 32,
  moeLayers: [],
  denseFlops: { prefill: 16e9, decode: 16e9 },
  cacheBytes: 0,
  batch: 1,
  promptTokens: 1
}

test.each(devices.map(({ id }) => id))('%s described by hand is predicted as it is', (id) => {
  const preset = findDevice(id) ?? expect.fail(id)
  const own = describedAs(preset)
  expect(ownDeviceSchema.safeParse(own).success).toBe(true)
  const described = deviceOf(own)
  expect(described.memoryBytes).toBe(preset.memoryBytes)
  expect(described.watts).toBe(preset.watts)
  const ratio = predictSpeed('decode', work, described).seconds / predictSpeed('decode', work, preset).seconds
  expect(ratio).toBeCloseTo(1, 3)
})

// 16 GB at three quarters of 100 GB/s.
test('a device is what was typed', () => {
  const own = { name: 'Mini PC', bandwidth: 100, teraflops: 10, memory: 96, watts: 0, devices: 1, link: 1 }
  const device = deviceOf(own)
  expect(device).toMatchObject({ name: 'Mini PC', memoryBytes: 96 * 1024 ** 3, watts: null, interconnect: null })
  expect(predictSpeed('decode', work, device).seconds).toBeCloseTo(16 / 75, 9)
  expect(deviceOf({ ...own, devices: 4 })).toMatchObject({ name: '4 x Mini PC', interconnect: { bandwidth: 1e9 } })
})
