import { beforeAll, expect, test } from 'vitest'
import { compress } from '../../compress'
import { createCalibration } from '../../compress/calibration'
import { storedModelOf } from '../../compress/stored-model'
import { createEvaluator } from '../../evaluate/evaluate'
import { validationText } from '../../evaluate/validation-text'
import { corpusSpecSchema, recipeSchema } from '../../formats/training-report'
import { clearWeights } from '../../model/models.fixture'
import { type ModelFiles, openModel } from '../../model/runnable-model'
import { readFolder } from '../checkpoints'
import { type ModelReference, referenceTo } from '../model-reference'
import { trainSpec } from '../train-spec'
import { compressModelForm } from './compress-model'
import { backend, createSmallLab, modelOf, smallMoe } from './lab.fixture'

let trained: { readonly model: ModelReference; readonly files: ModelFiles }

beforeAll(async () => {
  const { store, compute } = createSmallLab()
  const corpus = corpusSpecSchema.parse({ characters: 4000, validation_characters: 3000 })
  const recipe = recipeSchema.parse({ learning_rate: 0.01, batch: 2, characters: 2 * smallMoe.context * 3 })
  await compute('train', trainSpec({ architecture: smallMoe, corpus, recipe }, { count: 0 }))
  const files = await readFolder(store.files('run'))
  trained = { model: await referenceTo('trained', files), files }
})

const chain = [
  { id: 'experts', keep: 3, by: 'reap' },
  { id: 'rtn', bits: 4, block: 16 }
]
const specFor = (model: ModelReference) => ({ model, chain, calibration: 4000, seed: 7 })

test('what is kept opens as the model that the transforms make, quantised matrices as their codes', async () => {
  const { store, compute } = createSmallLab([trained])
  await compute('compress-model', specFor(trained.model))
  const whole = await openModel('trained', trained.files)
  const text = createCalibration(backend, whole, { characters: 4000, seed: 7 })
  const expected = await compress(storedModelOf(whole), chain, text)
  const kept = await openModel('kept', await readFolder(store.files('run')))
  expect(kept.architecture).toEqual(expected.architecture)
  expect(kept.parameters).toEqual(expected.parameters)
  const quantised = [...expected.storage].flatMap(([name, { grid }]) => (grid ? [name] : []))
  expect([...(kept.grids?.keys() ?? [])].sort()).toEqual(quantised.sort())
})

test('its record says of which model it was made, by what, and the loss on all of the validation text', async () => {
  const { store, compute } = createSmallLab([trained])
  await compute('compress-model', specFor(trained.model))
  const kept = await openModel('kept', await readFolder(store.files('run')))
  const { report: before } = await openModel('trained', trained.files)
  expect(kept.report?.compression).toEqual(chain)
  expect(kept.report?.compressed_from).toEqual({
    ...trained.model,
    loss: before?.result.loss,
    calibration_characters: 4000,
    seed: 7
  })
  const evaluator = await createEvaluator(backend, kept.architecture, kept.architecture.context)
  const { loss } = await evaluator.evaluate(kept.parameters, validationText(kept, 3000))
  await evaluator.release()
  expect(kept.report?.result.loss).toBeCloseTo(loss, 9)
  expect(kept.report?.recipe).toEqual(before?.recipe)
})

test('made smaller again, its record has all transforms in their order', async () => {
  const first = createSmallLab([trained])
  await first.compute('compress-model', { ...specFor(trained.model), chain: chain.slice(0, 1) })
  const files = await readFolder(first.store.files('run'))
  const pruned = { model: await referenceTo('pruned', files), files }
  const second = createSmallLab([pruned])
  await second.compute('compress-model', { ...specFor(pruned.model), chain: chain.slice(1) })
  const { report } = await openModel('both', await readFolder(second.store.files('run')))
  expect(report?.compression).toEqual(chain)
  expect(report?.compressed_from?.id).toBe('pruned')
})

test('cancelled, it leaves no weights, and begins anew; what is whole is not computed again', async () => {
  const { store, compute, loaded } = createSmallLab([trained])
  const spec = specFor(trained.model)
  await expect(compute('compress-model', spec, undefined, (execution) => execution.cancel())).rejects.toThrow(
    'cancelled'
  )
  expect(await store.files('run').names()).not.toContain('model.safetensors')
  await compute('compress-model', spec)
  const graphs = loaded()
  await compute('compress-model', spec)
  expect(loaded()).toBe(graphs)
})

test('a model without a record is kept without one', async () => {
  const plain = await modelOf('plain', smallMoe, clearWeights(smallMoe))
  const { store, compute } = createSmallLab([plain])
  await compute('compress-model', specFor(plain.model))
  expect((await openModel('kept', await readFolder(store.files('run')))).report).toBeUndefined()
})

test('its name has the model and the numbers of its transforms', () => {
  const model = { id: 'moe-64', weights: '0'.repeat(64) }
  expect(compressModelForm.stem(specFor(model))).toBe('moe-64-experts-3-rtn-4-16')
})
