import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arbitraryArchitecture } from '../../arch/architecture.arbitrary'
import { countParameters } from '../../arch/count/count'
import { withRouter } from '../../arch/own-keys'
import { moeArchitecture } from '../../arch/presets'
import { routerSpecSchema } from '../../routers'
import { parametersOf } from '../parameters'
import { checkpointLayout } from '.'

test('sizes sum to the counted total, and names are unique', () => {
  fc.assert(
    fc.property(arbitraryArchitecture, (architecture) => {
      const { tensors } = checkpointLayout(architecture)
      const weights = tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0)
      expect(weights).toBe(countParameters(architecture).total)
      expect(new Set(tensors.map(({ name }) => name)).size).toBe(tensors.length)
    })
  )
})

test('every value of a checkpoint belongs to one place of one parameter', () => {
  fc.assert(
    fc.property(arbitraryArchitecture, (architecture) => {
      const { tensors } = checkpointLayout(architecture)
      const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b)
      for (const { name, shape, blocks } of tensors) {
        const stored = blocks.reduce((sum, { values }) => sum + size(values.shape), 0)
        expect([name, stored]).toEqual([name, blocks.length > 0 ? size(shape) : 0])
      }
      for (const { name, shape, blocks } of parametersOf(tensors)) {
        expect([name, blocks.reduce((sum, { own }) => sum + size(own.shape), 0)]).toEqual([name, size(shape)])
      }
    })
  )
})

test.each([
  ['mixtral', 'block_sparse_moe', 0],
  ['qwen2_moe', 'mlp', 8]
])('what a router learns beside its matrix lies beside it: %s', (modelType, block, sharedWidth) => {
  const moe = moeArchitecture({
    width: 8,
    heads: 2,
    vocabularySize: 5,
    layers: 1,
    experts: 3,
    expertWidth: 4,
    sharedWidth
  })
  expect(moe.modelType).toBe(modelType)
  const tensorsWith = (kind: string) => checkpointLayout(withRouter(moe, routerSpecSchema.parse({ kind }))).tensors
  const tensors = tensorsWith('loss-free')
  expect(tensorsWith('noisy-top-k')).toContainEqual(
    expect.objectContaining({ name: `model.layers.0.${block}.gate.noise.weight`, shape: [3, 8] })
  )
  expect(tensorsWith('hash').filter(({ name }) => name.includes('.gate.'))).toEqual([])
  const router = tensors.findIndex(({ name }) => name === `model.layers.0.${block}.gate.weight`)
  expect(tensors[router + 1]).toMatchObject({
    name: `model.layers.0.${block}.gate.e_score_correction_bias`,
    shape: [3]
  })
  expect(parametersOf(tensors)).toEqual(
    expect.arrayContaining([expect.objectContaining({ name: 'layers.0.router.e_score_correction_bias', shape: [3] })])
  )
})
