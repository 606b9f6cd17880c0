import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assumedEfficiency, computeAt, type Device, type Efficiency, probedDevice, readRateAt } from './device'
import { devices, findDevice } from './devices'
import { type Limit, predictionError, predictSpeed } from './predict'
import type { MoeLayerWork, Workload } from './workload'

const perfect: Efficiency = {
  compute: 1,
  memory: 1,
  interconnect: 1,
  capacity: 1,
  exchangeLatency: 0,
  exchangeOverlap: 0
}

/** 1 GB/s, 1 TFLOP/s, 1 GB. */
const device: Device = {
  id: 'round',
  name: 'round figures',
  kind: 'desktop',
  memoryBandwidth: 1e9,
  memoryBytes: 1e9,
  compute: { bf16: 1e12 },
  devices: 1,
  interconnect: null,
  watts: null,
  efficiency: perfect,
  source: 'invented'
}

const layer: MoeLayerWork = {
  experts: 8,
  topK: 2,
  bytesPerExpert: 10e6,
  flopsPerExpert: 10e6,
  hiddenBytes: 1000
}

const work: Workload = {
  denseBytes: 100e6,
  layers: 10,
  moeLayers: [],
  denseFlops: { prefill: 100e6, decode: 100e6 },
  cacheBytes: 0,
  batch: 1,
  promptTokens: 1000
}

const layers = fc.array(
  fc.integer({ min: 1, max: 64 }).chain((experts) =>
    fc.record({
      experts: fc.constant(experts),
      topK: fc.integer({ min: 1, max: experts }),
      bytesPerExpert: fc.integer({ min: 1, max: 1e8 }),
      flopsPerExpert: fc.integer({ min: 1, max: 1e8 }),
      hiddenBytes: fc.integer({ min: 1, max: 1e5 })
    })
  ),
  { maxLength: 4 }
)
const workloads: fc.Arbitrary<Workload> = fc.record({
  denseBytes: fc.integer({ min: 1, max: 1e9 }),
  layers: fc.integer({ min: 4, max: 100 }),
  moeLayers: layers,
  denseFlops: fc.record({
    prefill: fc.integer({ min: 1, max: 1e9 }),
    decode: fc.integer({ min: 1, max: 1e9 })
  }),
  cacheBytes: fc.integer({ min: 0, max: 1e8 }),
  batch: fc.integer({ min: 1, max: 512 }),
  promptTokens: fc.integer({ min: 1, max: 4096 })
})
const phases = fc.constantFrom('prefill' as const, 'decode' as const)
const some = fc.constantFrom(...devices)

test('one decoded token of a dense model waits for its weights', () => {
  const predicted = predictSpeed('decode', work, device)
  expect(predicted).toMatchObject({ seconds: 0.1, limit: 'weights' })
  expect(predicted.tokensPerSecond).toBeCloseTo(10, 9)
  expect(predicted.alone.compute).toBeCloseTo(1e-4, 12)
})

test('a long prompt waits for the arithmetic', () => {
  const predicted = predictSpeed('prefill', { ...work, promptTokens: 10_000 }, device)
  expect(predicted).toMatchObject({ limit: 'compute', seconds: 1 })
  expect(predicted.tokensPerSecond).toBeCloseTo(10_000, 6)
})

test('an MoE reads the experts of its batch once each, and of a measured batch those that were measured', () => {
  const one = predictSpeed('decode', { ...work, moeLayers: [layer, layer] }, device)
  expect(one.distinctExperts).toEqual([expect.closeTo(2, 9), expect.closeTo(2, 9)])
  expect(one.seconds).toBeCloseTo(0.1 + 2 * 2 * 0.01, 9)
  const four = predictSpeed('decode', { ...work, batch: 4, moeLayers: [layer] }, device)
  expect(four.seconds).toBeCloseTo(0.1 + 0.01 * 8 * (1 - 0.75 ** 4), 9)
  const measured = predictSpeed('decode', { ...work, batch: 4, moeLayers: [{ ...layer, distinctExperts: 3 }] }, device)
  expect(measured.seconds).toBeCloseTo(0.13, 9)
})

test.each<[Limit, Workload, Device]>([
  ['compute', { ...work, batch: 4096 }, device],
  ['weights', work, device],
  ['cache', { ...work, cacheBytes: 200e6 }, device],
  [
    'exchange',
    { ...work, moeLayers: [{ ...layer, hiddenBytes: 1e6 }] },
    { ...device, devices: 2, interconnect: { name: 'wire', bandwidth: 1e6 } }
  ]
])('the limit is named: %s', (limit, workload, on) => {
  expect(predictSpeed('decode', workload, on).limit).toBe(limit)
})

test('several devices divide sequences and experts, and exchange hidden states twice in each MoE layer', () => {
  const four: Device = { ...device, devices: 4, interconnect: { name: 'wire', bandwidth: 1e6 } }
  const workload = { ...work, batch: 100, cacheBytes: 1e6, moeLayers: [layer] }
  const { parts, memory } = predictSpeed('decode', workload, four)
  expect(parts.weights).toBeCloseTo(0.1 + (8 * 0.01) / 4, 6)
  expect(parts.cache).toBeCloseTo(0.025, 9)
  // 25 tokens go to 2 experts, three quarters of which are elsewhere, with 1000 bytes, there and back.
  expect(parts.exchange).toBeCloseTo((2 * 25 * 2 * 0.75 * 1000) / 1e6, 9)
  expect(memory).toEqual({ weights: 120e6, cache: 25e6, needed: 145e6, available: 1e9, fits: true })
  const slow = { ...four, efficiency: { ...perfect, exchangeLatency: 0.01, exchangeOverlap: 0.5 } }
  expect(predictSpeed('decode', workload, slow).parts.exchange).toBeCloseTo((parts.exchange + 0.02) / 2, 9)
  const uneven = { ...workload, moeLayers: [{ ...layer, imbalance: 2 }] }
  expect(predictSpeed('decode', uneven, four).parts.exchange).toBeCloseTo(2 * parts.exchange, 9)
})

test('a model that is too large for the memory is told, and an unknown memory decides nothing', () => {
  const large = { ...work, restingBytes: 850e6, moeLayers: [layer] }
  expect(predictSpeed('decode', large, device).memory).toMatchObject({ needed: 1.03e9, fits: false })
  const probed = probedDevice({ gflops: 100, readGigabytesPerSecond: 10 })
  expect(predictSpeed('decode', large, probed, 'fp32').memory).toMatchObject({ available: null, fits: null })
})

test('the parts add up to the time, and none is longer than its resource would take alone', () => {
  fc.assert(
    fc.property(workloads, phases, some, (workload, phase, on) => {
      const { parts, alone, seconds, tokensPerSecond, limit } = predictSpeed(phase, workload, on)
      expect(Object.values(parts).reduce((a, b) => a + b) / seconds).toBeCloseTo(1, 9)
      for (const each of Object.keys(parts) as Limit[]) {
        expect(parts[each]).toBeLessThanOrEqual(alone[each] * (1 + 1e-12))
        expect(parts[each]).toBeLessThanOrEqual(parts[limit])
        // The roofline of the whole step is a lower bound of that of its stages.
        expect(seconds * (1 + 1e-9)).toBeGreaterThanOrEqual(alone[each])
      }
      const tokens = workload.batch * (phase === 'prefill' ? workload.promptTokens : 1)
      expect((tokensPerSecond * seconds) / tokens).toBeCloseTo(1, 9)
    })
  )
})

test('on one device more sequences never make a token dearer, and a faster device is never slower', () => {
  fc.assert(
    fc.property(workloads, phases, fc.integer({ min: 2, max: 4 }), (workload, phase, times) => {
      const { seconds, tokensPerSecond } = predictSpeed(phase, workload, device)
      const more = predictSpeed(phase, { ...workload, batch: workload.batch * times }, device)
      expect(more.tokensPerSecond).toBeGreaterThanOrEqual(tokensPerSecond * (1 - 1e-9))
      const faster = { ...device, memoryBandwidth: 1e9 * times, compute: { bf16: 1e12 * times } }
      expect((predictSpeed(phase, workload, faster).seconds * times) / seconds).toBeCloseTo(1, 9)
    })
  )
})

test('a prediction is compared with a measurement', () => {
  expect(predictionError(110, 100)).toEqual({ predicted: 110, measured: 100, relative: expect.closeTo(0.1, 12) })
  expect(() => predictionError(1, 0)).toThrow('measured tokens per second: expected a positive number, found 0')
})

test('impossible workloads are refused', () => {
  expect(() => predictSpeed('decode', { ...work, batch: 0 }, device)).toThrow('batch: expected a whole number')
  expect(() => predictSpeed('decode', { ...work, moeLayers: [{ ...layer, topK: 9 }] }, device)).toThrow(
    'MoE layer 0: expected 1 to 8 experts for each token, found 9'
  )
  expect(() => predictSpeed('decode', { ...work, moeLayers: [{ ...layer, distinctExperts: 1 }] }, device)).toThrow(
    'MoE layer 0: expected 2 to 8 different experts in a step, found 1'
  )
  expect(() => predictSpeed('decode', work, { ...device, devices: 2 })).toThrow('2 devices need an interconnect')
  const idle = { ...device, efficiency: { ...perfect, memory: 0 } }
  expect(() => predictSpeed('decode', work, idle)).toThrow('efficiency of memory: expected a share above 0, at most 1')
  const late = { ...device, efficiency: { ...perfect, exchangeOverlap: 2 } }
  expect(() => predictSpeed('decode', work, late)).toThrow('overlap of the exchange: expected a share from 0 to 1')
})

test('a decoded token costs its fixed time too, by layer, and that can be what it waits for', () => {
  const stepCost = { stepMs: 200, denseLayerMs: 10, moeLayerMs: 30 }
  const decoded = predictSpeed('decode', { ...work, moeLayers: [layer, layer] }, { ...device, stepCost })
  expect(decoded.parts.fixed).toBeCloseTo(0.2 + 8 * 0.01 + 2 * 0.03, 12)
  expect(decoded.seconds).toBeCloseTo(0.34 + 0.14, 9)
  expect(decoded.limit).toBe('fixed')
  const prefill = predictSpeed('prefill', work, { ...device, stepCost })
  expect(prefill.seconds).toBe(predictSpeed('prefill', work, device).seconds)
})

test('weights are read as fast as the cache that holds what is read between two visits', () => {
  const cached: Device = {
    ...device,
    readRates: [
      { bytes: 1e6, gigabytesPerSecond: 8 },
      { bytes: 100e6, gigabytesPerSecond: 2 }
    ]
  }
  expect([1, 1e6, 10e6, 100e6, 1e12].map((bytes) => readRateAt(cached, bytes) / 1e9)).toEqual([
    8,
    8,
    expect.closeTo(4, 9),
    expect.closeTo(2, 9),
    1
  ])
  // 10 MB of dense weights and 2 experts of 10 MB in a step, 90 MB in all: experts come round later, and slower.
  const { parts } = predictSpeed('decode', { ...work, denseBytes: 10e6, moeLayers: [layer] }, cached)
  const rateOfStep = 8e9 / 4 ** (Math.log(30) / Math.log(100))
  const rateOfModel = 8e9 / 4 ** (Math.log(90) / Math.log(100))
  expect(parts.weights).toBeCloseTo(10e6 / rateOfStep + 20e6 / rateOfModel, 12)
})

test('a probe of this machine is taken as reached in full', () => {
  const probed = probedDevice({ gflops: 134, readGigabytesPerSecond: 12, memoryBytes: 8e9 })
  expect(predictSpeed('decode', work, probed, 'fp32').seconds).toBeCloseTo(100e6 / 12e9, 12)
  expect(probed.efficiency).toMatchObject({ compute: 1, memory: 1 })
})

test('a device without a precision computes in the next wider one', () => {
  const a100 = findDevice('a100-80gb') ?? expect.fail('a100-80gb is missing')
  expect(computeAt(a100, 'fp8')).toBe(312e12)
  expect(computeAt(a100, 'fp32')).toBe(19.5e12)
  expect(() => computeAt(device, 'fp32')).toThrow('round figures: no FLOP/s are known at fp32')
})

// The ratios of the data sheets: H100 has twice the fp8 of bf16; the 4090's bandwidth is 21 Gbit/s on 384 wires, the
// 5090's 28 on 512, the 3090's 19.5 on 384, the M1's 4.266 on 128 and the 258V's 8.533 on 128.
test('presets agree with each other and with their buses', () => {
  expect(new Set(devices.map(({ id }) => id)).size).toBe(devices.length)
  for (const { devices: count, interconnect, source, efficiency } of devices) {
    expect(count > 1).toBe(interconnect !== null)
    expect(source).toMatch(/NVIDIA|AMD|Intel|Apple/)
    expect(efficiency.compute).toBe(assumedEfficiency.compute)
  }
  const bus = { 'rtx-4090': [21, 384], 'rtx-5090': [28, 512], 'rtx-3090': [19.5, 384], 'macbook-m1': [4.266, 128] }
  for (const [id, [gigabits = 0, wires = 0]] of Object.entries(bus)) {
    expect((findDevice(id)?.memoryBandwidth ?? 0) / ((gigabits * 1e9 * wires) / 8)).toBeCloseTo(1, 3)
  }
  const h100 = findDevice('h100-sxm') ?? expect.fail('h100-sxm is missing')
  expect(computeAt(h100, 'fp8')).toBe(2 * computeAt(h100, 'bf16'))
  expect(findDevice('h100-sxm-x8')?.interconnect?.bandwidth).toBe(450e9)
})
