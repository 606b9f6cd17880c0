import { expect, test } from 'vitest'
import { moeArchitecture } from '../arch/presets'
import { tokenizer } from '../corpus'
import { createMaskedEvaluator } from '../evaluate/masked-evaluator'
import { clearWeights } from '../model/models.fixture'
import { parameterLayout } from '../model/parameters'
import { prunedModel } from '../model/pruned.fixture'
import { createReferenceBackend } from '../runtime/reference'
import { createCalibration } from './calibration'
import { calibrationLoss, maskedLoss } from './calibration-loss'
import { backend, calibrationOf, corpusModel, dense, moe, storedModel, transformed } from './compress.fixture'
import { expertUse } from './expert-use'
import { expertScores } from './experts'
import { partOf } from './part-of'

test('the experts that are left have their weights and their columns of the router', () => {
  const model = storedModel(moe)
  const left = [0, 2]
  const part = partOf(
    model,
    [0, 1].map((layer) => ({ layer, experts: left }))
  )
  const expected = prunedModel(moe, model.parameters, left)
  expect(part.architecture).toEqual(expected.architecture)
  expect(part.parameters).toEqual(expected.flat)
})

test('without experts a model is as with these masked', async () => {
  const model = storedModel(moe)
  const calibration = calibrationOf(moe)
  const part = partOf(model, [{ layer: 0 }, { layer: 1, experts: [0, 1, 3] }])
  const evaluator = createMaskedEvaluator(backend, model)
  const masked = await maskedLoss(evaluator, calibration, [{ kind: 'mask', layer: 1, experts: [2] }])
  await evaluator.release()
  expect(await calibrationLoss(part, calibration)).toBeCloseTo(masked, 5)
  // The same is the damage of the expert.
  expect((await expertScores(model, 'damage', calibration)).get(1)?.[2]).toBeCloseTo(masked, 5)
})

test('use by hand: an expert that writes thrice as much has thrice the norm, one that writes nothing none', async () => {
  const model = storedModel(moe)
  const scaled = model.parameters.slice()
  for (const { part, layer, expert, offset, size } of parameterLayout(moe).parameters) {
    if (part !== 'expert_down' || layer !== 1) continue
    const factor = expert === 0 ? 3 : expert === 1 ? 0 : 1
    for (let i = offset; i < offset + size; i++) scaled[i] = factor * (scaled[i] ?? Number.NaN)
  }
  const calibration = calibrationOf(moe)
  const [before, after] = [
    (await expertUse(model, calibration)).get(1),
    (await expertUse({ ...model, parameters: scaled }, calibration)).get(1)
  ]
  const read = calibration.text()
  const tokens = (read.count - (read.count % 16)) * read.context
  expect(before?.reduce((sum, each) => sum + each.tokens, 0)).toBe(2 * tokens)
  expect(after?.map((each) => each.tokens)).toEqual(before?.map((each) => each.tokens))
  for (const [expert, factor] of [3, 0, 1, 1].entries()) {
    const [was, is] = [before?.[expert], after?.[expert]]
    expect((is?.norms ?? Number.NaN) / (was?.norms ?? Number.NaN)).toBeCloseTo(factor, 4)
    expect((is?.gatedNorms ?? Number.NaN) / (was?.gatedNorms ?? Number.NaN)).toBeCloseTo(factor, 4)
    // Gates of a token sum to 1, so none is above.
    expect(is?.gatedNorms).toBeLessThanOrEqual(is?.norms ?? Number.NaN)
  }
})

test('use in ONNX Runtime is that of the reference evaluator', async () => {
  const model = storedModel(moe)
  const text = { characters: 700 }
  const [found, expected] = [
    await expertUse(model, createCalibration(backend, corpusModel(moe), text)),
    await expertUse(model, createCalibration(createReferenceBackend(), corpusModel(moe), text))
  ]
  for (const [layer, experts] of expected) {
    for (const [expert, use] of experts.entries()) {
      const own = found.get(layer)?.[expert]
      expect(own?.tokens).toBe(use.tokens)
      expect((own?.gatedNorms ?? Number.NaN) / use.gatedNorms).toBeCloseTo(1, 5)
    }
  }
})

test.each(['reap', 'norm'])('by %s an expert that writes nothing goes first', async (by) => {
  const parameters = clearWeights(moe)
  for (const { part, expert, offset, size } of parameterLayout(moe).parameters) {
    if (part === 'expert_down' && expert === 1) parameters.fill(0, offset, offset + size)
  }
  const model = storedModel(moe, parameters)
  const left = [0, 1].map((layer) => ({ layer, experts: [0, 2, 3] }))
  expect(await transformed(model, { id: 'experts', keep: 3, by })).toEqual(partOf(model, left))
})

test('by frequency the experts that most tokens chose are left, by damage those that are missed most', async () => {
  const model = storedModel(moe)
  const calibration = calibrationOf(moe)
  const best = (scores: readonly number[] = []) =>
    [...scores.keys()].filter((each) => scores.filter((other) => other > (scores[each] ?? Number.NaN)).length < 2)
  const use = await expertUse(model, calibration)
  const damage = await expertScores(model, 'damage', calibration)
  const layers = [0, 1]
  expect(await transformed(model, { id: 'experts', keep: 2, by: 'frequency' })).toEqual(
    partOf(
      model,
      layers.map((layer) => ({ layer, experts: best(use.get(layer)?.map(({ tokens }) => tokens)) }))
    )
  )
  expect(await transformed(model, { id: 'experts', keep: 2, by: 'damage' })).toEqual(
    partOf(
      model,
      layers.map((layer) => ({ layer, experts: best(damage.get(layer)) }))
    )
  )
})

test('layers that share their weights lose the same experts', async () => {
  const shared = { ...moe, sharedLayers: true as const }
  const model = storedModel(shared)
  for (const by of ['random', 'reap', 'damage'] as const) {
    const scores = await expertScores(model, by, calibrationOf(shared))
    expect(scores.get(0)).toEqual(scores.get(1))
  }
  const pruned = await transformed(model, { id: 'experts', keep: 2, by: 'reap' })
  expect(pruned.architecture.sharedLayers).toBe(true)
})

test('random experts depend on the seed alone', async () => {
  const model = storedModel(moeArchitecture({ width: 16, vocabularySize: tokenizer.size, experts: 16 }))
  const spec = { id: 'experts', keep: 8, by: 'random' }
  const one = await transformed(model, spec, 1)
  expect((await transformed(model, spec, 1)).parameters).toEqual(one.parameters)
  expect((await transformed(model, spec, 2)).parameters).not.toEqual(one.parameters)
})

test('nothing left, more than there are, and a dense model are refused', async () => {
  const prune = (keep: number, architecture = moe) =>
    transformed(storedModel(architecture), { id: 'experts', keep, by: 'random' })
  await expect(prune(1)).rejects.toThrow('layer 0: each token needs 2 experts: keep=1 is less')
  await expect(prune(5)).rejects.toThrow('layer 0 has 4 experts: keep=5 is more')
  await expect(prune(2, dense)).rejects.toThrow('the model is dense: it has no experts')
  const hashed = moeArchitecture({ width: 16, vocabularySize: tokenizer.size, experts: 4, router: { kind: 'hash' } })
  await expect(prune(2, hashed)).rejects.toThrow("layer 0: router 'hash' has no matrix")
})
