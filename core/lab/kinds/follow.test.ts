import { expect, test } from 'vitest'
import { corpusSpecSchema, recipeSchema } from '../../formats/training-report'
import { clearWeights } from '../../model/models.fixture'
import { openModel } from '../../model/runnable-model'
import { writeCheckpoints } from '../../train/checkpoints.fixture'
import { fingerprintOf } from '../../train/fingerprint'
import { modelFiles } from '../../train/model-files'
import { checkpointModel, checkpointOf, keptCheckpoints } from '../checkpoints'
import { convertEarlierCheckpoints } from '../earlier-checkpoints'
import { createMemoryStore } from '../memory-store'
import { createSmallLab, modelOf, smallMoe } from './lab.fixture'

const text = { kind: 'text', text: 'gemo=bebu guse=zobu\n', source: 'here' }
const models = await Promise.all(
  [2, 4, 8].map((step) => modelOf(checkpointModel('my-moe', step), smallMoe, clearWeights(smallMoe, step)))
)
const spec = {
  training: 'my-moe',
  checkpoints: models.map(({ model }) => ({ step: checkpointOf(model.id)?.step, weights: model.weights })),
  text,
  logits: 'routers'
}

test('every checkpoint reads the same text, each as if it were recorded alone; it goes on with the next', async () => {
  const lab = createSmallLab(models)
  const cancelled = lab.compute('follow', spec, (_, execution) => execution.cancel())
  await expect(cancelled).rejects.toThrow('cancelled')
  expect(await lab.store.files('run').names()).toEqual(['step-2.safetensors'])
  await lab.compute('follow', spec)
  expect(lab.events).toEqual([{ step: 2 }, { step: 4 }, { step: 8 }])
  for (const [i, step] of [2, 4, 8].entries()) {
    const alone = createSmallLab(models)
    await alone.compute('record', { model: models[i]?.model, text, logits: 'routers' })
    expect(await lab.store.files('run').read(`step-${step}.safetensors`)).toEqual(
      await alone.store.files('run').read('trace.safetensors')
    )
  }
})

test('one checkpoint alone shows nothing', async () => {
  const one = { ...spec, checkpoints: spec.checkpoints.slice(0, 1) }
  await expect(createSmallLab(models).compute('follow', one)).rejects.toThrow('expected two checkpoints or more')
})

test('checkpoints are read from their folders and from the one file of earlier versions, ascending', async () => {
  const files = createMemoryStore().files('my-moe')
  const weights = (step: number) => clearWeights(smallMoe, step)
  const fingerprint = fingerprintOf({
    architecture: smallMoe,
    corpus: corpusSpecSchema.parse({}),
    recipe: recipeSchema.parse({ learning_rate: 0.01 })
  })
  const earlier = [2, 4].map((step) => ({ step, parameters: weights(step) }))
  await files.write('checkpoints.safetensors', writeCheckpoints({ fingerprint, planned: [2, 4, 8], kept: earlier }))
  for (const { name, content } of modelFiles(smallMoe, weights(8))) {
    await files.write(`checkpoints/step-8/${name}`, content)
  }
  // Of a folder that a kill has left half written nothing is known.
  await files.write('checkpoints/step-9/config.json', new Uint8Array())
  await convertEarlierCheckpoints(files)
  expect(await files.names()).not.toContain('checkpoints.safetensors')
  const kept = await keptCheckpoints(files)
  expect(kept.map(({ step }) => step)).toEqual([2, 4, 8])
  for (const each of kept) {
    expect(await openModel('kept', await each.files())).toMatchObject({
      architecture: smallMoe,
      parameters: weights(each.step)
    })
  }
})
