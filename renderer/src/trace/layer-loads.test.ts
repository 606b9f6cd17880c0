import { memoryTrace, noExpert } from '@core/routing/trace'
import { expect, test } from 'vitest'
import { layerLoads } from './layer-loads'

const trace = (layers: number[], experts: number, topK: number, ids: number[]) =>
  memoryTrace({
    model: '',
    source: '',
    layers,
    experts,
    topK,
    tokenIds: undefined,
    tokens: undefined,
    domains: [],
    domainIds: undefined,
    sequenceStarts: Uint32Array.of(0),
    notes: [],
    expertIds: Uint16Array.from(ids)
  })

test('loads are shares of the assignments of each layer; what was dropped counts nowhere', async () => {
  // Three tokens, two layers, two experts a token.
  const ids = [0, 1, 2, 3, 0, 2, 2, noExpert, 0, 1, 3, 2]
  expect(await layerLoads(trace([0, 1], 4, 2, ids))).toEqual([
    [3 / 6, 2 / 6, 1 / 6, 0],
    [0, 0, 3 / 5, 2 / 5]
  ])
})

test('a layer without assignments has no load', async () => {
  expect(await layerLoads(trace([0], 2, 1, [noExpert]))).toEqual([[0, 0]])
})
