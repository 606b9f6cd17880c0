import { expect, test } from 'vitest'
import type { TrainingOutcome } from '../engine/training-protocol'
import { createMemoryHost } from '../host/memory'
import { keepTraining } from './kept-training'

const content = Uint8Array.of(1)

function outcome(finished: boolean, ...names: string[]): TrainingOutcome {
  return { finished, files: names.map((name) => ({ name, content })) }
}

const stopped = outcome(false, 'run.safetensors', 'config.json', 'model.safetensors')
const finished = outcome(true, 'config.json', 'model.safetensors', 'training.json')

/** A host on whose disk there is no room for some files. */
function fullHost(...refused: string[]) {
  const host = createMemoryHost()
  const { models } = host
  const write = async (name: string, bytes: Uint8Array) => {
    if (refused.includes(name)) throw new Error(`${name}: no space left`)
    await models.files('m').write(name, bytes)
  }
  const full = { ...host, models: { ...models, files: (id: string) => ({ ...models.files(id), write }) } }
  const files = () => models.files('m').names()
  return { host: full, files, checkpoint: () => models.files('m').write('run.safetensors', content) }
}

test('what continues a training is kept while it can go on, and no longer', async () => {
  const { host, files } = fullHost()
  await keepTraining(host, 'm', stopped)
  expect(await files()).toEqual(['config.json', 'model.safetensors', 'run.safetensors'])
  await keepTraining(host, 'm', finished)
  expect(await files()).toEqual(['config.json', 'model.safetensors', 'training.json'])
})

test('a training whose last files find no room is not at its end, and goes on from its checkpoint', async () => {
  const { host, files, checkpoint } = fullHost('model.safetensors')
  await checkpoint()
  await expect(keepTraining(host, 'm', finished)).rejects.toThrow(
    'not all of it could be written (model.safetensors: no space left); make room, then let it go on'
  )
  expect(await files()).toEqual(['config.json', 'run.safetensors'])
})

test('what can be written is, whatever cannot', async () => {
  const { host, files } = fullHost('run.safetensors')
  await expect(keepTraining(host, 'm', stopped)).rejects.toThrow('no checkpoint of it was kept')
  expect(await files()).toEqual(['config.json', 'model.safetensors'])
})
