import { expect, test } from 'vitest'
import { parameterLayout } from '../model/parameters'
import { calibrationOf, dense, moe, storedModel, transformed } from './compress.fixture'
import { compress, readTransform } from './index'
import { linearMatrices } from './matrices'
import { prune } from './prune'
import { storedBytes } from './stored-model'
import { inputNorms } from './wanda'

const rowsOf = ({ outputs, inputs, values, at }: ReturnType<typeof linearMatrices>[number]) =>
  Array.from({ length: outputs }, (_, output) =>
    Array.from({ length: inputs }, (_, input) => values[at(output, input)] ?? Number.NaN)
  )

test('by magnitude the smallest of each matrix of the checkpoint go, and no other', async () => {
  const model = storedModel(dense)
  const { parameters } = await transformed(model, { id: 'magnitude', share: 0.3 })
  const before = linearMatrices(model, model.parameters)
  for (const [i, matrix] of linearMatrices(model, parameters).entries()) {
    const [was, is] = [before[i] ? rowsOf(before[i]).flat() : [], rowsOf(matrix).flat()]
    const gone = was.filter((_, k) => is[k] === 0).map(Math.abs)
    const left = was.filter((_, k) => is[k] !== 0).map(Math.abs)
    expect(gone.length).toBe(Math.round(0.3 * was.length))
    expect(Math.max(...gone)).toBeLessThanOrEqual(Math.min(...left))
    expect(is.filter((each) => each !== 0)).toEqual(was.filter((_, k) => is[k] !== 0))
  }
})

test('Wanda by hand: a large weight of a weak input goes before a small one of a strong input', () => {
  // As in figure 1 of the paper: W = [[4, 0, 1, -1], [3, -2, -1, -3], [-3, 1, 0, 2]], norms [1, 2, 8, 3].
  const weights = [
    [4, 0, 1, -1],
    [3, -2, -1, -3],
    [-3, 1, 0, 2]
  ]
  const norms = [1, 2, 8, 3]
  const model = storedModel(dense)
  const [first] = linearMatrices(model, model.parameters)
  const scores = (output: number, input: number) =>
    Math.abs(weights[output]?.[input] ?? 0) * (norms[input] ?? Number.NaN)
  const pruned = prune(
    model,
    { share: 0.5, pattern: '2:4' },
    (matrix) => (output, input) => (matrix.name === first?.name && output < 3 && input < 4 ? scores(output, input) : 1)
  )
  const rows = rowsOf(linearMatrices(model, pruned.parameters)[0] ?? expect.fail('a model without a matrix'))
  const kept = rows.slice(0, 3).map((row) => row.slice(0, 4).map((each) => each !== 0))
  // Scores [4, 0, 8, 3], [3, 4, 8, 9], [3, 2, 0, 6].
  expect(kept).toEqual([
    [true, false, true, false],
    [false, false, true, true],
    [true, false, false, true]
  ])
})

test.each(['wanda', 'magnitude', 'random'])('%s: 2:4 leaves two of every four inputs', async (id) => {
  const model = storedModel(moe)
  const pruned = await transformed(model, { id, pattern: '2:4' })
  for (const matrix of linearMatrices(model, pruned.parameters)) {
    for (const row of rowsOf(matrix)) {
      for (let i = 0; i + 4 <= row.length; i += 4) {
        expect(row.slice(i, i + 4).filter((each) => each === 0).length).toBe(2)
      }
    }
  }
  // Half of the float32 weights and one bit for each; 16 and 12 are multiples of 4.
  const linear = linearMatrices(model, model.parameters).reduce((sum, each) => sum + each.inputs * each.outputs, 0)
  expect(storedBytes(pruned)).toBe(4 * (model.parameters.length - linear) + 2 * linear + linear / 8)
})

test('Wanda prunes each output alone, by the norms of the inputs', async () => {
  const model = storedModel(dense)
  const { parameters } = await transformed(model, { id: 'wanda', share: 0.25 })
  const norms = await inputNorms(model, calibrationOf(dense))
  const before = linearMatrices(model, model.parameters)
  for (const [i, matrix] of linearMatrices(model, parameters).entries()) {
    const own = norms.get(matrix.parameter)
    const was = before[i] ? rowsOf(before[i]) : []
    for (const [output, row] of rowsOf(matrix).entries()) {
      const scores = was[output]?.map((each, input) => Math.abs(each) * (own?.[input] ?? Number.NaN)) ?? []
      expect(row.filter((each) => each === 0).length).toBe(Math.round(0.25 * row.length))
      const gone = scores.filter((_, input) => row[input] === 0)
      const left = scores.filter((_, input) => row[input] !== 0)
      expect(Math.max(...gone)).toBeLessThanOrEqual(Math.min(...left))
    }
  }
})

test('norms of inputs: the first layer reads normalised embeddings, and experts the tokens that chose them', async () => {
  const model = storedModel(moe)
  const calibration = calibrationOf(moe)
  const norms = await inputNorms(model, calibration)
  const { tokens, context, count } = calibration.text()
  const read = tokens.subarray(0, (count - (count % 16)) * context)
  const find = (name: string) => {
    const { offset, size } = parameterLayout(moe).parameters.find((each) => each.name === name) ?? {
      offset: 0,
      size: 0
    }
    return model.parameters.subarray(offset, offset + size)
  }
  const [table, scale] = [find('embedding'), find('layers.0.attention_norm')]
  const squares = new Float64Array(moe.width)
  for (const token of read) {
    const row = table.subarray(token * moe.width, (token + 1) * moe.width)
    const mean = row.reduce((sum, each) => sum + each * each, 0) / moe.width + moe.normEpsilon
    for (const [i, each] of row.entries()) squares[i] = (squares[i] ?? 0) + (each * (scale[i] ?? 0)) ** 2 / mean
  }
  for (const [i, each] of norms.get('layers.0.qkv')?.entries() ?? []) {
    expect(each / Math.sqrt(squares[i] ?? 0)).toBeCloseTo(1, 4)
  }
  // A normalised row has squares that sum to its width before its scale, and each token visits two experts.
  const ffScale = find('layers.1.feed_forward_norm')
  let sum = 0
  for (let expert = 0; expert < 4; expert++) {
    const own = norms.get(`layers.1.expert_gate_up.${expert}`) ?? []
    for (const [i, each] of own.entries()) sum += (each / (ffScale[i] ?? 1)) ** 2
  }
  expect(sum / (2 * read.length * moe.width)).toBeCloseTo(1, 4)
})

test('random weights depend on the seed alone', async () => {
  const model = storedModel(dense)
  const spec = { id: 'random', share: 0.5 }
  const [one, again, other] = [
    await transformed(model, spec, 1),
    await transformed(model, spec, 1),
    await transformed(model, spec, 2)
  ]
  expect(one.parameters).toEqual(again.parameters)
  expect(one.parameters).not.toEqual(other.parameters)
})

test('nothing left and a share beside 2:4 are refused; a quantised model stays on its grid', async () => {
  const model = storedModel(dense)
  await expect(async () => transformed(model, { id: 'wanda', share: 1 })).rejects.toThrow(
    'wanda: share: expected a share below 1, or nothing would be left'
  )
  await expect(async () => transformed(model, { id: 'wanda', share: 0.3, pattern: '2:4' })).rejects.toThrow(
    'pattern 2:4 is share 0.5'
  )
  const quantised = await transformed(model, { id: 'rtn', bits: 4 })
  const pruned = await transformed(quantised, { id: 'magnitude', share: 0.5 })
  const grid = quantised.storage.get('layers.0.qkv')?.grid
  expect(grid).toMatchObject({ bits: 4, block: 32, symmetric: false })
  expect(pruned.storage.get('layers.0.qkv')).toEqual({ grid, sparse: true })
  expect(storedBytes(pruned)).toBeLessThan(storedBytes(quantised))
})

test('text too short for a window is told', async () => {
  const model = storedModel(dense)
  await expect(compress(model, [readTransform({ id: 'wanda' })], calibrationOf(dense, 20))).rejects.toThrow(
    'too short for windows of 64'
  )
})
