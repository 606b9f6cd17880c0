import { expect, test } from 'vitest'
import { moeArchitecture } from '../arch/presets'
import type { Intervention } from './intervention'
import { everyExpert, interventionName } from './intervention'
import { architectures } from './models.fixture'

test.each<[string, Intervention]>([
  ['layer 0: without expert 3', { kind: 'mask', layer: 0, experts: [3] }],
  ['every layer: without experts 3, 5', { kind: 'mask', experts: [3, 5] }],
  ['layer 1: MoE skipped', { kind: 'skip-moe', layer: 1 }],
  ['every layer: MoE skipped', { kind: 'skip-moe' }],
  ['drop top-1 expert', { kind: 'drop-best', replace: true }],
  ['layer 1: drop top-1 expert, k - 1', { kind: 'drop-best', layer: 1, replace: false }],
  ['layer 1: all to expert 2', { kind: 'force', layer: 1, expert: 2 }],
  ['every layer: tokens 7, 8 to expert 2', { kind: 'force', expert: 2, tokens: [7, 8] }],
  ['random experts, uniform gates', { kind: 'random', gates: 'uniform' }],
  ['layer 0: top-3', { kind: 'top-k', layer: 0, topK: 3 }]
])('%s', (name, intervention) => {
  expect(interventionName(intervention)).toBe(name)
  // It is plain data: what is stored comes back the same.
  expect(JSON.parse(JSON.stringify(intervention))).toEqual(intervention)
})

test('every expert of every layer that has experts is masked once', () => {
  const [dense, routed] = [architectures.dense, moeArchitecture({ width: 16, vocabularySize: 55, experts: 3 })]
  if (!dense) throw new Error('there is a dense model among the fixtures')
  expect(everyExpert(dense)).toEqual([])
  const layers = [...routed.layers.slice(0, 1), ...dense.layers.slice(0, 1), ...routed.layers.slice(0, 1)]
  expect(everyExpert({ ...routed, layers }).map(({ layer, experts }) => [layer, ...experts])).toEqual([
    [0, 0],
    [0, 1],
    [0, 2],
    [2, 0],
    [2, 1],
    [2, 2]
  ])
})
