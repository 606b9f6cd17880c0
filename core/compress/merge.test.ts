import { expect, test } from 'vitest'
import { clearWeights } from '../model/models.fixture'
import { parameterLayout } from '../model/parameters'
import { createRandom } from '../random'
import { bestPermutation } from './assignment'
import { calibrationLoss } from './calibration-loss'
import { calibrationOf, dense, moe, storedModel, transformed } from './compress.fixture'
import { groupsByLogits, groupsByOutputs } from './expert-groups'
import { meanExpert } from './merge'

function permutations(n: number): number[][] {
  if (n === 0) return [[]]
  return permutations(n - 1).flatMap((each) =>
    Array.from({ length: n }, (_, at) => [...each.slice(0, at), n - 1, ...each.slice(at)])
  )
}

test('the best permutation is the best of all', () => {
  const random = createRandom(1, 'assignment')
  for (let n = 1; n <= 6; n++) {
    const gains = Float64Array.from({ length: n * n }, () => random.normal())
    const sumOf = (permutation: ArrayLike<number>) =>
      Array.from(permutation).reduce((sum, column, row) => sum + (gains[row * n + column] ?? Number.NaN), 0)
    const found = bestPermutation(gains, n)
    expect([...found].sort((a, b) => a - b)).toEqual([...Array(n).keys()])
    expect(sumOf(found)).toBeCloseTo(Math.max(...permutations(n).map(sumOf)), 10)
  }
})

test('groups by logits: each joins the one of the most used that is most like it', () => {
  // Logits over three tokens: e0 (1, 0, 0), e1 (0, 1, 1), e2 (2, 0, 1), e3 (0, 3, 2).
  const logits = [
    [1, 0, 0],
    [0, 1, 1],
    [2, 0, 1],
    [0, 3, 2]
  ]
  const gram = Float64Array.from(
    logits.flatMap((a) => logits.map((b) => a.reduce((sum, each, i) => sum + each * (b[i] ?? 0), 0)))
  )
  expect(groupsByLogits([9, 1, 2, 8], gram, 2)).toEqual([
    [0, 2],
    [3, 1]
  ])
})

test('groups by outputs: the nearest join first, the most used one stands first', () => {
  // On a line at 0, 1, 5, 5.5 and 20.
  const outputs = Float64Array.of(0, 1, 5, 5.5, 20)
  const tokens = [1, 2, 3, 4, 5]
  const sorted = (groups: number[][]) => groups.toSorted(([a = 0], [b = 0]) => a - b)
  expect(sorted(groupsByOutputs(tokens, outputs, 3))).toEqual([[1, 0], [3, 2], [4]])
  expect(sorted(groupsByOutputs(tokens, outputs, 2))).toEqual([[3, 2, 1, 0], [4]])
})

test('the mean by hand: units are put in order, then weighted', () => {
  const unit = (...values: number[]) => Float32Array.from(values)
  const mean = meanExpert(
    [
      [unit(4, 0, 0), unit(0, 4, 0)],
      [unit(0, 8, 0), unit(8, 0, 4)]
    ],
    [3, 1]
  )
  expect(mean).toEqual([unit(5, 0, 1), unit(0, 5, 0)])
})

/** A model whose experts 1 and 3 of each layer are experts 0 and 2 with their hidden units in another order. */
function withTwins() {
  const parameters = clearWeights(moe)
  const { width } = moe
  const layout = new Map(parameterLayout(moe).parameters.map((each) => [each.name, each]))
  const values = (name: string) => {
    const { offset, size } = layout.get(name) ?? expect.fail(`no ${name}`)
    return parameters.subarray(offset, offset + size)
  }
  for (const layer of [0, 1]) {
    for (const expert of [0, 2]) {
      const [gateUp, down] = ['expert_gate_up', 'expert_down'].map((part) =>
        values(`layers.${layer}.${part}.${expert}`)
      )
      const [twinGateUp, twinDown] = ['expert_gate_up', 'expert_down'].map((part) =>
        values(`layers.${layer}.${part}.${expert + 1}`)
      )
      for (let unit = 0; unit < 12; unit++) {
        const own = (5 * unit + 1) % 12
        for (let i = 0; i < width; i++) {
          for (const half of [0, 12]) {
            if (twinGateUp) twinGateUp[i * 24 + half + unit] = gateUp?.[i * 24 + half + own] ?? Number.NaN
          }
          if (twinDown) twinDown[unit * width + i] = down?.[own * width + i] ?? Number.NaN
        }
      }
    }
  }
  return storedModel(moe, parameters)
}

test('experts that compute the same become one of them, whatever the order of their units', async () => {
  const model = withTwins()
  const merged = await transformed(model, { id: 'merge', keep: 2, by: 'outputs' })
  const layout = (of: typeof model) =>
    new Map(parameterLayout(of.architecture).parameters.map((each) => [each.name, each]))
  const unitsOf = (of: typeof model, name: string) => {
    const { offset, size } = layout(of).get(name) ?? expect.fail(`no ${name}`)
    return [...of.parameters.subarray(offset, offset + size)].sort((a, b) => a - b)
  }
  for (const layer of [0, 1]) {
    for (const [expert, twin] of [
      [0, 0],
      [1, 2]
    ]) {
      for (const part of ['expert_gate_up', 'expert_down']) {
        const [found, expected] = [
          unitsOf(merged, `layers.${layer}.${part}.${expert}`),
          unitsOf(model, `layers.${layer}.${part}.${twin}`)
        ]
        for (const [i, each] of found.entries()) expect(each).toBeCloseTo(expected[i] ?? Number.NaN, 5)
      }
    }
  }
  expect(Number.isFinite(await calibrationLoss(merged, calibrationOf(moe)))).toBe(true)
})

test('as many as there are stay as they are; layers that share their weights keep sharing', async () => {
  const model = storedModel(moe)
  const same = await transformed(model, { id: 'merge', keep: 4, by: 'logits' })
  expect(same.parameters).toEqual(model.parameters)
  const shared = { ...moe, sharedLayers: true as const }
  const merged = await transformed(storedModel(shared), { id: 'merge', keep: 2, by: 'logits' })
  expect(merged.architecture.sharedLayers).toBe(true)
})

test('a dense and a quantised model, and fewer experts than a token needs, are refused', async () => {
  await expect(transformed(storedModel(dense), { id: 'merge' })).rejects.toThrow('the model is dense')
  await expect(transformed(storedModel(moe), { id: 'merge', keep: 1 })).rejects.toThrow('each token needs 2 experts')
  const quantised = await transformed(storedModel(moe), { id: 'rtn' })
  await expect(transformed(quantised, { id: 'merge', keep: 2 })).rejects.toThrow('is quantised to 4 bits already')
})
