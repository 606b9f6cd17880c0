import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Architecture } from '../arch/architecture'
import { moeLayers, moeShape, topKRouterSpec } from '../arch/architecture'
import { moeArchitecture } from '../arch/presets'
import { values } from '../graph/tensor'
import { evaluation } from './evaluation'
import { capacityExperts } from './experts/capacity'
import { groupedExperts } from './experts/grouped'
import type { Intervention } from './intervention'
import { everyExpert } from './intervention'
import { interventionPlan } from './intervention-plan'
import { type ChangedCircumstances, changedGraph } from './interventions.fixture'
import { architectures, clearWeights, compute, largestDifference, randomBatch } from './models.fixture'
import { prunedModel, silencedModel } from './pruned.fixture'

const batch = { batch: 2, context: 8 }
const count = 16
const withExperts = Object.entries(architectures).filter(([, each]) => moeLayers(each).length > 0)
const normalised = architectures['top-2 of 4 experts'] as Architecture
const topOne = architectures['top-1, gates as they are'] as Architecture

/** Outputs of the changed model; without an intervention, of the model as it is. */
function changed(
  architecture: Architecture,
  intervention?: Intervention,
  circumstances: Partial<ChangedCircumstances> = {}
): Record<string, Float64Array> {
  const { graph, inputs } = changedGraph(architecture, intervention, { dispatch: groupedExperts, ...circumstances })
  return compute(graph, inputs)
}

/** The ordinary evaluation. */
function nats(architecture: Architecture, flat = clearWeights(architecture)): Float64Array | undefined {
  const parameters = values('float32', [flat.length], flat)
  const graph = evaluation(architecture, groupedExperts, batch)
  return compute(graph, { parameters, ...randomBatch(architecture, count) }, ['nats']).nats
}

describe.each(withExperts)('%s', (_, architecture) => {
  const flat = clearWeights(architecture)
  const { experts, topK } = moeShape(architecture, 0)

  test('without an intervention it is the ordinary evaluation', () => {
    expect(largestDifference(changed(architecture).nats, nats(architecture))).toBeLessThan(1e-12)
  })

  test('a mask is the model from which the experts were cut out', () => {
    const sets = [[0], [3], [1, 2], [0, 1, 3]].filter((masked) => experts - masked.length >= topK)
    for (const masked of sets) {
      const left = [0, 1, 2, 3].filter((each) => !masked.includes(each))
      const pruned = prunedModel(architecture, flat, left)
      const expected = nats(pruned.architecture, pruned.flat)
      const found = changed(architecture, { kind: 'mask', experts: masked }).nats
      expect(largestDifference(found, expected)).toBeLessThan(1e-6)
      expect(largestDifference(found, nats(architecture))).toBeGreaterThan(1e-3)
    }
  })

  test('forcing is the model of which one expert is left', () => {
    const pruned = prunedModel(architecture, flat, [2], 1)
    const forced = changed(architecture, { kind: 'force', expert: 2 })
    expect(largestDifference(forced.nats, nats(pruned.architecture, pruned.flat))).toBeLessThan(1e-6)
    for (let token = 0; token < count; token++) {
      expect(forced.experts_0?.[token * topK]).toBe(2)
      expect(forced.gates_0?.[token * topK]).toBe(1)
    }
  })

  test('a skipped MoE is the model whose experts and shared experts give nothing', () => {
    // Layers that share their weights fall silent together.
    const interventions: Intervention[] = architecture.sharedLayers
      ? [{ kind: 'skip-moe' }]
      : moeLayers(architecture).map((layer) => ({ kind: 'skip-moe', layer }))
    for (const each of interventions) {
      const found = changed(architecture, each)
      const silent = nats(architecture, silencedModel(architecture, flat, each.layer ?? 0))
      expect(largestDifference(found.nats, silent)).toBeLessThan(1e-12)
      expect(largestDifference(found.nats, nats(architecture))).toBeGreaterThan(1e-3)
      const routed = moeLayers(architecture).filter((layer) => each.layer !== undefined && layer !== each.layer)
      expect(Object.keys(found).sort()).toEqual(
        [...routed.flatMap((layer) => [`experts_${layer}`, `gates_${layer}`]), 'nats'].sort()
      )
    }
  })

  test('another k is the model of that k', () => {
    for (const k of [1, 3, experts]) {
      const other = prunedModel(architecture, flat, [0, 1, 2, 3], k)
      const found = changed(architecture, { kind: 'top-k', topK: k }).nats
      expect(largestDifference(found, nats(other.architecture, flat))).toBeLessThan(1e-12)
    }
  })

  test('on the GPU, with places for every token, it is the same', () => {
    const interventions: Intervention[] = [
      { kind: 'mask', experts: [1] },
      { kind: 'force', layer: 0, expert: 1 },
      { kind: 'drop-best', replace: true },
      { kind: 'random', gates: 'trained' }
    ]
    for (const each of interventions) {
      const found = changed(architecture, each, { dispatch: capacityExperts(count) }).nats
      expect(largestDifference(found, changed(architecture, each).nats)).toBeLessThan(1e-9)
    }
  })
})

test('a change of one layer leaves the routing of those before it, and reaches those after it', () => {
  const own = changed(normalised)
  const last = changed(normalised, { kind: 'force', layer: 1, expert: 0 })
  const first = changed(normalised, { kind: 'force', layer: 0, expert: 0 })
  expect(last.gates_0).toEqual(own.gates_0)
  expect(last.gates_1).not.toEqual(own.gates_1)
  expect(first.gates_1).not.toEqual(own.gates_1)
})

test('forced tokens are those of the given ids: what stands before the first of them stays', () => {
  const tokens = randomBatch(normalised, count).tokens?.data ?? new Float64Array()
  const id = tokens[5] ?? 0
  const places = [...tokens.keys()].filter((place) => tokens[place] === id)
  const forced = changed(normalised, { kind: 'force', layer: 0, expert: 3, tokens: [id] })
  const own = changed(normalised)
  for (let place = 0; place < count; place++) {
    const gates = forced.gates_0?.slice(2 * place, 2 * place + 2)
    if (places.includes(place)) expect([forced.experts_0?.[2 * place], ...(gates ?? [])]).toEqual([3, 1, 0])
    else expect(gates).toEqual(own.gates_0?.slice(2 * place, 2 * place + 2))
  }
  const before = tokens.findIndex((each) => each === id)
  expect(forced.nats?.slice(0, before)).toEqual(own.nats?.slice(0, before))
  expect(forced.nats?.[5]).not.toBe(own.nats?.[5])
})

test('for top-1, forcing is masking all others', () => {
  for (let expert = 0; expert < 4; expert++) {
    const others = [0, 1, 2, 3].filter((each) => each !== expert)
    const masked = changed(topOne, { kind: 'mask', layer: 1, experts: others })
    expect(changed(topOne, { kind: 'force', layer: 1, expert })).toEqual(masked)
  }
})

test('masking an expert that no token chose changes nothing where gates are normalised', () => {
  const architecture = moeArchitecture({ width: 16, vocabularySize: 55, context: 8, experts: 24, expertWidth: 8 })
  const own = changed(architecture)
  const idle = everyExpert(architecture).filter(({ layer, experts: [expert = 0] }) =>
    own[`experts_${layer}`]?.every((each) => each !== expert)
  )
  expect(idle.length).toBeGreaterThan(0)
  for (const each of idle.slice(0, 3)) expect(changed(architecture, each).nats).toEqual(own.nats)
})

/** Of one layer only, so that its logits are the same under every change of it. */
const single = (topK: number, normaliseGates: boolean) =>
  moeArchitecture({
    width: 16,
    vocabularySize: 55,
    context: 8,
    experts: 5,
    expertWidth: 8,
    layers: 1,
    topK,
    router: topKRouterSpec(normaliseGates)
  })

/** Logits of the router up to one number for each token, from the gates of all experts. */
function logitsOf(architecture: Architecture): number[][] {
  const { experts_0, gates_0 } = changed(architecture, { kind: 'top-k', topK: 5 })
  return Array.from({ length: count }, (_, token) => {
    const row = new Array<number>(5).fill(0)
    for (let i = 5 * token; i < 5 * token + 5; i++) row[experts_0?.[i] ?? -1] = Math.log(gates_0?.[i] ?? 0)
    return row
  })
}

const gatesOver = (logits: readonly number[], among: readonly number[], chosen: readonly number[]): number[] => {
  const total = among.reduce((sum, expert) => sum + Math.exp(logits[expert] ?? 0), 0)
  return chosen.map((expert) => Math.exp(logits[expert] ?? 0) / total)
}

describe.each([true, false])('choices and gates by hand, normalised: %j', (normaliseGates) => {
  const architecture = single(2, normaliseGates)
  const logits = logitsOf(architecture)
  const ranked = logits.map((row) => [...row.keys()].sort((a, b) => (row[b] ?? 0) - (row[a] ?? 0)))

  test.each([true, false])('drop top-1 expert, replaced: %j', (replace) => {
    const found = changed(architecture, { kind: 'drop-best', replace })
    const k = replace ? 2 : 1
    ranked.forEach((row, token) => {
      const chosen = row.slice(1, 1 + k)
      expect([...(found.experts_0?.slice(k * token, k * token + k) ?? [])]).toEqual(chosen)
      const gates = gatesOver(logits[token] ?? [], normaliseGates ? chosen : row.slice(1), chosen)
      expect(largestDifference(found.gates_0?.slice(k * token, k * token + k), gates)).toBeLessThan(1e-6)
    })
  })

  test.each(['uniform', 'trained'] as const)('by chance, %s gates', (gates) => {
    const found = changed(architecture, { kind: 'random', gates })
    ranked.forEach((row, token) => {
      const chosen = [...(found.experts_0?.slice(2 * token, 2 * token + 2) ?? [])]
      const own = gatesOver(logits[token] ?? [], normaliseGates ? row.slice(0, 2) : row, row.slice(0, 2))
      const even = own.map(() => own.reduce((sum, each) => sum + each, 0) / 2)
      const trained = gatesOver(logits[token] ?? [], normaliseGates ? chosen : row, chosen)
      expect(new Set(chosen).size).toBe(2)
      const expected = gates === 'uniform' ? even : trained
      expect(largestDifference(found.gates_0?.slice(2 * token, 2 * token + 2), expected)).toBeLessThan(1e-6)
    })
  })
})

test('the choice by chance is that of the noise, and every set of experts is equally probable', () => {
  const architecture = single(2, true)
  const one = changed(architecture, { kind: 'random', gates: 'uniform' })
  expect(changed(architecture, { kind: 'random', gates: 'uniform' })).toEqual(one)
  expect(changed(architecture, { kind: 'random', gates: 'uniform' }, { seed: 2 }).experts_0).not.toEqual(one.experts_0)
  const sets = new Map<string, number>()
  for (let seed = 0; seed < 50; seed++) {
    const { experts_0 } = changed(architecture, { kind: 'random', gates: 'trained' }, { seed })
    for (let token = 0; token < count; token++) {
      const pair = [...(experts_0?.slice(2 * token, 2 * token + 2) ?? [])].toSorted((a, b) => a - b).join(' ')
      sets.set(pair, (sets.get(pair) ?? 0) + 1)
    }
  }
  // Ten pairs, each with probability 1/10 among 800 tokens: a standard error of 8.5.
  expect(sets.size).toBe(10)
  for (const times of sets.values()) expect(Math.abs(times - 80)).toBeLessThan(4 * Math.sqrt(800 * 0.1 * 0.9))
})

describe('what cannot be done is told with layer and expert', () => {
  const dense = architectures.dense as Architecture
  const mixed = architectures['shared expert, grouped queries, biases, an output projection, a dense layer']
  const two = moeArchitecture({ width: 16, vocabularySize: 55, experts: 2, topK: 2 })
  test.each<[string, Architecture | undefined, Intervention]>([
    ['the model is dense: it has no router to change', dense, { kind: 'drop-best', replace: true }],
    ['layer 2 has no router: the model has experts in layers 0, 1', mixed, { kind: 'mask', layer: 2, experts: [0] }],
    ['layer 2 has no router: the model has experts in layers 0, 1', mixed, { kind: 'skip-moe', layer: 2 }],
    ['layer 7 has no router: the model has experts in layers 0, 1', topOne, { kind: 'force', layer: 7, expert: 0 }],
    ['layer 1: expected an expert from 0 to 3, found 4', normalised, { kind: 'mask', layer: 1, experts: [0, 4] }],
    ['layer 0: expected an expert from 0 to 3, found -1', normalised, { kind: 'mask', experts: [-1] }],
    ['layer 0: expected an expert from 0 to 3, found 0.5', normalised, { kind: 'mask', experts: [0.5] }],
    ['layer 0: no expert is named that is to be masked', normalised, { kind: 'mask', experts: [] }],
    [
      'layer 1: without experts 0, 2, 3 only 1 of 4 is left, but each token needs 2',
      normalised,
      { kind: 'mask', layer: 1, experts: [0, 2, 3] }
    ],
    [
      'layer 0: without experts 0, 1, 2, 3 none of 4 is left, but each token needs 1',
      topOne,
      { kind: 'mask', experts: [0, 1, 2, 3] }
    ],
    ['layer 1: expected an expert from 0 to 3, found 4', normalised, { kind: 'force', layer: 1, expert: 4 }],
    ['expected the id of a token from 0 to 54, found 55', normalised, { kind: 'force', expert: 0, tokens: [55] }],
    [
      'layer 1: expected a number of experts of each token from 1 to 4, found 5',
      normalised,
      { kind: 'top-k', layer: 1, topK: 5 }
    ],
    [
      'layer 0: expected a number of experts of each token from 1 to 4, found 0',
      normalised,
      { kind: 'top-k', topK: 0 }
    ],
    ['layer 0: each token has one expert, and none without its best', topOne, { kind: 'drop-best', replace: false }],
    [
      'layer 0: without the top-1 expert only 1 of 2 is left, but each token needs 2',
      two,
      { kind: 'drop-best', replace: true }
    ]
  ])('%s', (message, architecture = dense, intervention) => {
    expect(() => interventionPlan(architecture, intervention)).toThrow(new RangeError(message))
  })
})

test('interventions that differ only in a mask share a graph, and every other change has its own', () => {
  const key = (...each: Intervention[]) => interventionPlan(normalised, ...each).key
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 1 }), (expert, layer) => {
      expect(key({ kind: 'mask', layer, experts: [expert] })).toBe(key())
      expect(key({ kind: 'force', layer, expert, tokens: [1] })).toBe(key())
    })
  )
  const others: Intervention[] = [
    { kind: 'drop-best', replace: true },
    { kind: 'drop-best', replace: false },
    { kind: 'drop-best', layer: 1, replace: true },
    { kind: 'random', gates: 'uniform' },
    { kind: 'random', gates: 'trained' },
    { kind: 'skip-moe' },
    { kind: 'skip-moe', layer: 1 },
    { kind: 'top-k', topK: 1 },
    { kind: 'top-k', layer: 1, topK: 1 }
  ]
  expect(new Set([key(), ...others.map((each) => key(each))]).size).toBe(others.length + 1)
})
