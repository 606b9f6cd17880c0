import { expect, test } from 'vitest'
import type { TrainingOutcome } from '../engine/training-protocol'
import type { ModelFileName } from '../host/host'
import { createMemoryHost } from '../host/memory'
import { keepTraining } from './kept-training'

const content = Uint8Array.of(1)

function outcome(finished: boolean, ...names: ModelFileName[]): TrainingOutcome {
  return { finished, files: names.map((name) => ({ name, content })) }
}

const stopped = outcome(false, 'run.safetensors', 'config.json', 'model.safetensors')
const finished = outcome(true, 'config.json', 'model.safetensors', 'training.json')

/** A host on whose disk there is no room for some files. */
function fullHost(...refused: ModelFileName[]) {
  const host = createMemoryHost()
  const { writeOwnFile } = host
  host.writeOwnFile = async (id, name, bytes) => {
    if (refused.includes(name)) throw new Error(`${name}: no space left`)
    await writeOwnFile(id, name, bytes)
  }
  const files = async () => (await host.ownModels()).find(({ id }) => id === 'm')?.files
  return { host, files, checkpoint: () => writeOwnFile('m', 'run.safetensors', content) }
}

test('what continues a training is kept while it can go on, and no longer', async () => {
  const { host, files } = fullHost()
  await keepTraining(host, 'm', stopped)
  expect(await files()).toEqual(['run.safetensors', 'config.json', 'model.safetensors'])
  await keepTraining(host, 'm', finished)
  expect(await files()).toEqual(['config.json', 'model.safetensors', 'training.json'])
})

test('a training whose last files find no room is not at its end, and goes on from its checkpoint', async () => {
  const { host, files, checkpoint } = fullHost('model.safetensors')
  await checkpoint()
  await expect(keepTraining(host, 'm', finished)).rejects.toThrow(
    'not all of it could be written (model.safetensors: no space left); make room, then let it go on'
  )
  expect(await files()).toEqual(['run.safetensors', 'config.json'])
})

test('what can be written is, whatever cannot', async () => {
  const { host, files } = fullHost('run.safetensors')
  await expect(keepTraining(host, 'm', stopped)).rejects.toThrow('no checkpoint of it was kept')
  expect(await files()).toEqual(['config.json', 'model.safetensors'])
})
