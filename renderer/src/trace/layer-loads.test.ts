import { noExpert } from '@core/routing/trace'
import { expect, test } from 'vitest'
import { layerLoads } from './layer-loads'

test('loads are shares of the assignments of each layer; what was dropped counts nowhere', () => {
  // Three tokens, two layers, two experts a token.
  const expertIds = Uint16Array.of(0, 1, 2, 3, 0, 2, 2, noExpert, 0, 1, 3, 2)
  expect(layerLoads({ layers: [0, 1], experts: 4, topK: 2, expertIds })).toEqual([
    [3 / 6, 2 / 6, 1 / 6, 0],
    [0, 0, 3 / 5, 2 / 5]
  ])
})

test('a layer without assignments has no load', () => {
  expect(layerLoads({ layers: [0], experts: 2, topK: 1, expertIds: Uint16Array.of(noExpert) })).toEqual([[0, 0]])
})
