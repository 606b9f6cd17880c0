/** The graphs that are given to ONNX Runtime, byte by byte: the same nodes in the same order. */
import { describe, expect, test } from 'vitest'
import { changedGraphsOf, graphsOf, kinds, planFor, type SavedGraph } from './engine.fixture'
import { savedJson } from './saved.fixture'

const graphs = savedJson('graphs.json') as Record<string, Record<string, SavedGraph>>

describe.each(kinds)('%s', (kind) => {
  test.each([
    ['cpu', 'native'],
    ['gpu', 'webgpu']
  ] as const)('generating, evaluating and training on a %s', async (processor, name) => {
    expect(await graphsOf(planFor(kind), name)).toEqual(graphs[`${kind} ${processor}`])
  })
})

test.each(['mixtral-stopped', 'qwen2-moe-finished'])('changed routers of %s', async (folder) => {
  expect(await changedGraphsOf(folder)).toEqual(graphs[`${folder} ablated`])
})
