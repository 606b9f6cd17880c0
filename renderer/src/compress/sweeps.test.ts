import { denseArchitecture, moeArchitecture } from '@core/arch/presets'
import { transforms } from '@core/compress'
import type { Compression } from '@core/compress/measure'
import type { RunRecord } from '@core/lab/run'
import { expect, test } from 'vitest'
import { defaultCompress } from './choices'
import { chosenChains, chosenSettings, knownSweeps, smallestGood } from './sweeps'

const moe = moeArchitecture({ width: 32, vocabularySize: 55 })
const dense = denseArchitecture({ width: 32, vocabularySize: 55 })

test('a sweep varies one setting and keeps the others', () => {
  const chosen = { ...defaultCompress, transform: 'rtn', settings: { block: 64 } }
  expect(chosenChains(chosen, moe)).toEqual(
    [8, 4, 3, 2].map((bits) => [{ id: 'rtn', bits, block: 64, symmetric: false, routers: true }])
  )
})

test('experts are taken down to as many as a token needs; a dense model has none', () => {
  const chosen = { ...defaultCompress, transform: 'experts', settings: { by: 'norm' } }
  const kept = chosenChains(chosen, moe).map(([spec]) => spec?.keep)
  const chosenOnes = kept.slice(0, kept.length / 2)
  expect(chosenOnes[0]).toBeLessThan(16)
  expect(chosenOnes.at(-1)).toBe(2)
  expect(chosenOnes).toEqual([...new Set(chosenOnes)].sort((a, b) => Number(b) - Number(a)))
  expect(kept.slice(kept.length / 2)).toEqual(chosenOnes)
  expect(chosenChains(chosen, dense)).toEqual([])
})

test('of two layers one can go, chosen or drawn', () => {
  expect(chosenChains({ ...defaultCompress, transform: 'layers' }, dense)).toEqual(
    ['influence', 'random'].map((by) => [{ id: 'layers', by, drop: 1 }])
  )
  const drawn = { ...defaultCompress, transform: 'layers', settings: { by: 'random' } }
  expect(chosenChains(drawn, dense)).toEqual([[{ id: 'layers', by: 'random', drop: 1 }]])
})

test('what is chosen has what is drawn beside it', () => {
  const chains = chosenChains({ ...defaultCompress, transform: 'wanda', settings: { pattern: 'free' } }, dense)
  const points = chains.map((chain) => ({ chain, refused: 'not here' }))
  const run = { id: 'run', kind: 'compress', spec: { model: { id: 'dense-64' }, chains } } as unknown as RunRecord
  const before = { bytes: 400, total: 100, active: 100, loss: 1, tokens: 1000, domains: {} }
  const [sweep] = knownSweeps({ runs: [run], compressions: { run: { before, points } } }, 'dense-64')
  expect(sweep?.points).toHaveLength(8)
  expect(sweep?.baseline?.points.map(({ chain }) => chain[0]?.id)).toEqual(Array(8).fill('random'))
})

test('every transform has settings of its own that vary', () => {
  for (const { id, settings, sweep } of transforms) {
    expect(Object.keys(settings.shape)).toContain(sweep.setting)
    for (const [spec] of chosenChains({ ...defaultCompress, transform: id }, moe)) {
      const { id: _id, ...given } = spec ?? { id }
      expect(settings.safeParse(given).success).toBe(true)
    }
  }
})

test('a setting that cannot be is told', () => {
  expect(() => chosenSettings({ ...defaultCompress, settings: { block: 3 } })).toThrow(/block: .*16/)
})

const point = (bits: number, bytes: number, delta: number) => ({
  chain: [{ id: 'rtn', bits, block: 64, symmetric: false, routers: true }],
  bytes,
  total: 100,
  active: 50,
  loss: 1 + delta,
  tokens: 1000,
  delta,
  standardError: 0.001,
  domains: {}
})

test('what was measured has the name of its transform and of what is not usual; the fewest bytes that cost little are told', () => {
  const compression: Compression = {
    before: { bytes: 400, total: 100, active: 50, loss: 1, tokens: 1000, domains: {} },
    points: [point(8, 110, 0), point(4, 60, 0.03), { ...point(2, 30, 2) }]
  }
  const chains = compression.points.map(({ chain }) => chain)
  const run = { id: 'run', kind: 'compress', spec: { model: { id: 'moe-64' }, chains } } as unknown as RunRecord
  const [sweep] = knownSweeps({ runs: [run], compressions: { run: compression } }, 'moe-64')
  expect(sweep).toMatchObject({ name: 'round to nearest, block 64', setting: 'bits' })
  expect(sweep && smallestGood(sweep)?.bytes).toBe(60)
  expect(knownSweeps({ runs: [run], compressions: { run: compression } }, 'moe-32')).toEqual([])
})
