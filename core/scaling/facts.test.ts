import { expect, test } from 'vitest'
import { denseArchitecture, moeArchitecture } from '../arch/presets'
import { modelFacts } from './facts'
import { familyOf, run } from './runs.fixture'
import { effectiveJson, modelWorth } from './worth'

/** Straight lines in log N: the whole falls by 0.1 nats for each doubling. */
const line = (size: number) => 2 - 0.1 * Math.log2(size / 20_000)
const sizes = [20_000, 40_000, 80_000, 160_000, 320_000, 640_000]
const family = familyOf(sizes, (size) => [line(size) - 0.001, line(size) + 0.001])
const moe = moeArchitecture({ width: 64, vocabularySize: 55 })

test('a group that was not measured is not known', () => {
  const report = run(line(400_000), 1, { memory: Number.NaN })
  const facts = modelFacts('moe', moe, [report], family)
  expect([facts.memory, facts.computation]).toEqual([null, expect.anything()])
  expect(facts.worth.memory).toMatchObject({ effective: { kind: 'undetermined' }, perActive: { estimate: null } })
})

test('a model is measured for every quantity by its own loss', () => {
  const report = run(line(400_000), 1, {
    memory: line(300_000),
    computation: line(100_000),
    domains: { fact: 0.5, seq: 2.5 }
  })
  const worth = modelWorth(family, { id: 'moe', active: 100_000, reports: [report] })
  expect(worth.total.effective).toMatchObject({ kind: 'interval', basis: { quantity: 'total', modelSeeds: 1 } })
  expect(worth.total.perActive.estimate).toBeCloseTo(4, 4)
  expect(worth.memory.perActive.estimate).toBeCloseTo(3, 4)
  expect(worth.computation.perActive.estimate).toBeCloseTo(1, 4)
  expect(worth.domains.fact).toMatchObject({
    effective: { kind: 'above', bound: 640_000 },
    perActive: { estimate: null, low: 6.4, high: null }
  })
  expect(worth.domains.seq).toMatchObject({
    effective: { kind: 'below', bound: 20_000 },
    perActive: { estimate: null, low: null, high: 0.2 }
  })
})

test('where answers are scored, memory and computation are measured on them', () => {
  const answers = (memory: number, computation: number) => ({
    memory: { loss: memory },
    computation: { loss: computation }
  })
  const scored = familyOf(
    sizes,
    (size) => [line(size) - 0.001, line(size) + 0.001],
    (loss) => answers(loss, loss)
  )
  const report = run(line(400_000), 1, { answers: answers(line(300_000), line(100_000)) })
  const worth = modelWorth(scored, { id: 'moe', active: 100_000, reports: [report] })
  expect(worth.memory.effective.basis.quantity).toBe('memory_answers')
  expect(worth.memory.perActive.estimate).toBeCloseTo(3, 4)
  expect(worth.computation.perActive.estimate).toBeCloseTo(1, 4)
  expect(Object.keys(worth.domains)).toEqual(['fact', 'seq'])
})

test('the JSON has an estimate with its ends, or the bound in words', () => {
  const found = modelWorth(family, { id: 'moe', active: 100_000, reports: [run(line(400_000))] }).total.effective
  if (found.kind !== 'interval') throw new Error(`expected an interval, found ${JSON.stringify(found)}`)
  const { estimate, low, high, basis } = found
  expect(effectiveJson(found)).toEqual({ estimate, low, high, bound: null, reason: null, basis })
  expect(effectiveJson({ kind: 'above', bound: 896_256, basis })).toEqual({
    estimate: null,
    low: 896_256,
    high: null,
    bound: '> 896 k',
    reason: null,
    basis
  })
  expect(effectiveJson({ kind: 'below', bound: 2_305_536, basis }).bound).toBe('< 2.31 M')
  expect(effectiveJson({ kind: 'undetermined', low: 7.5e9, reason: 'noise', basis })).toMatchObject({
    estimate: null,
    low: 7.5e9,
    high: null,
    bound: '> 7.5 B',
    reason: 'noise'
  })
  expect(effectiveJson({ kind: 'undetermined', low: 1, high: 9, reason: 'noise', basis }).bound).toBeNull()
})

test('a dense model of the family has its own size as effective parameters, whatever its loss', () => {
  const { effective, perActive } = modelWorth(family, { id: 'dense-80000', active: 80_000, reports: [run(5)] }).total
  expect(effective).toEqual({
    kind: 'itself',
    size: 80_000,
    basis: { method: 'itself', quantity: 'total', convention: 'all' }
  })
  expect(perActive).toEqual({ estimate: 1, low: 1, high: 1 })
  expect(effectiveJson(effective)).toMatchObject({ estimate: 80_000, low: 80_000, high: 80_000, bound: null })
})

test('a model that cannot be compared says why', () => {
  const elsewhere = modelWorth(family, { id: 'moe', active: 1, reports: [{ ...run(1.5), characters: 5 }] })
  expect(elsewhere.total.effective).toMatchObject({
    kind: 'undetermined',
    reason: expect.stringMatching(/^it was trained on 5 characters .*, the dense family on 8000000 characters/)
  })
  const partial = modelWorth(family, { id: 'moe', active: 1, reports: [run(1.5, 1, { domains: { seq: 1.5 } })] })
  expect(partial.domains.fact?.effective).toMatchObject({ reason: "its training report has no loss for 'fact'" })
  expect(() => modelWorth(family, { id: 'moe', active: 1, reports: [run(1), run(1)] })).toThrow('moe (seed 1)')
})

test('the facts of an MoE are its counts, spread, floors and effective parameters, and survive JSON', () => {
  const facts = modelFacts('moe-64', moe, [run(1.5, 1), run(1.6, 2), run(1.7, 3)], family)
  expect(facts).toMatchObject({ id: 'moe-64', role: 'moe', floor: 0.7, seeds: [1, 2, 3] })
  expect(facts.loss).toEqual({ mean: expect.closeTo(1.6, 9), deviation: expect.closeTo(0.1, 9), seeds: 3 })
  expect(facts.domains.seq).toEqual({ loss: facts.loss, floor: 1 })
  // Width 64, 16 experts of width 88, 2 for each token: an expert has 3 x 64 x 88 weights, in 2 layers.
  expect(facts.total - facts.active.all).toBe(2 * 14 * 3 * 64 * 88)
  expect(facts.predicted.map(({ predicted }) => predicted ** 2)).toEqual([
    expect.closeTo(facts.total * facts.active.all, 0)
  ])
  expect(JSON.parse(JSON.stringify(facts))).toEqual(facts)
})

test('a model without a report has counts only', () => {
  const facts = modelFacts('dense', denseArchitecture({ width: 32, vocabularySize: 55 }), [], family)
  expect(facts).toMatchObject({ role: 'dense', loss: null, floor: null, domains: {}, seeds: [], predicted: [] })
  expect(facts.active.all).toBe(facts.total)
  expect(facts.worth.total.effective).toMatchObject({ kind: 'undetermined', reason: 'it has no training report' })
})
