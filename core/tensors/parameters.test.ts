import { expect, test } from 'vitest'
import type { CheckpointTensor } from './binding'
import { ones } from './draw'
import { parametersOf } from './parameters'
import type { PartKey } from './part'
import { copyView, transposed, type View, whole } from './view'

const table = (rows: number, columns: number, offset: number, [row, column] = [columns, 1]): View => ({
  offset,
  shape: [rows, columns],
  strides: [row, column]
})
const block = (key: PartKey, values: View) => ({ of: { ...key, draw: ones }, values })

test('projections lie side by side in the order of the layout', () => {
  const stored = (name: string, values: View): CheckpointTensor => ({
    name,
    shape: values.shape.toReversed(),
    blocks: [block({ part: 'qkv', layer: 0 }, values)]
  })
  const tensors = [
    stored('q', transposed(whole([3, 2]))),
    stored('k', transposed(whole([1, 2]))),
    stored('v', transposed(whole([1, 2])))
  ]
  const values = { q: [11, 21, 12, 22, 13, 23], k: [14, 24], v: [15, 25] }
  expect(joined(tensors, values)).toEqual({
    'layers.0.qkv': [
      [2, 5],
      [11, 12, 13, 14, 15, 21, 22, 23, 24, 25]
    ]
  })
})

test('one tensor may hold all experts, and gate and up projections in turns', () => {
  // Two experts [2 f, d] = [4, 2]; in each, rows of the gate and of the up projection alternate.
  const experts: CheckpointTensor = {
    name: 'experts',
    shape: [2, 4, 2],
    blocks: [0, 1].flatMap((expert) =>
      [0, 1].map((projection) =>
        block({ part: 'expert_gate_up', layer: 0, expert }, table(2, 2, expert * 8 + projection * 2, [1, 4]))
      )
    )
  }
  const stored = Array.from({ length: 16 }, (_, i) => i)
  expect(joined([experts], { experts: stored })).toEqual({
    'layers.0.expert_gate_up.0': [
      [2, 4],
      [0, 4, 2, 6, 1, 5, 3, 7]
    ],
    'layers.0.expert_gate_up.1': [
      [2, 4],
      [8, 12, 10, 14, 9, 13, 11, 15]
    ]
  })
})

test('one tensor may hold several parameters, and experts of a part follow each other', () => {
  const tensor = (expert: number): CheckpointTensor => ({
    name: `expert.${expert}`,
    shape: [2, 2],
    blocks: [
      block({ part: 'expert_gate_up', layer: 0, expert }, table(1, 2, 0)),
      block({ part: 'expert_down', layer: 0, expert }, table(1, 2, 2))
    ]
  })
  const found = joined([tensor(0), tensor(1)], { 'expert.0': [1, 2, 3, 4], 'expert.1': [5, 6, 7, 8] })
  expect(Object.entries(found)).toEqual([
    [
      'layers.0.expert_gate_up.0',
      [
        [1, 2],
        [1, 2]
      ]
    ],
    [
      'layers.0.expert_gate_up.1',
      [
        [1, 2],
        [5, 6]
      ]
    ],
    [
      'layers.0.expert_down.0',
      [
        [1, 2],
        [3, 4]
      ]
    ],
    [
      'layers.0.expert_down.1',
      [
        [1, 2],
        [7, 8]
      ]
    ]
  ])
})

test('tensors of different heights do not join', () => {
  const stored = (name: string, rows: number): CheckpointTensor => ({
    name,
    shape: [rows, 1],
    blocks: [block({ part: 'qkv', layer: 0 }, whole([rows, 1]))]
  })
  expect(() => parametersOf([stored('q', 2), stored('k', 3)])).toThrow(
    "the tensors q, k do not fit side by side in 'layers.0.qkv'"
  )
})

/** Shape and values of every parameter, from the values of the stored tensors. */
function joined(tensors: readonly CheckpointTensor[], values: Readonly<Record<string, readonly number[]>>) {
  return Object.fromEntries(
    parametersOf(tensors).map(({ name, shape, blocks }) => {
      const data = new Float32Array(shape.reduce((a, b) => a * b))
      for (const { tensor, stored, own } of blocks) copyView(values[tensor] ?? [], stored, data, own)
      return [name, [shape, [...data]]]
    })
  )
}
