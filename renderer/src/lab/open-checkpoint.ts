/** Checkpoints from outside: a folder as Hugging Face has it becomes a model beside those that were trained here. */
import { readConfig } from '@core/arch/runnable'
import { jsonOf } from '@core/formats/json'
import { sha256, stemOf } from '@core/lab/run-id'
import { checkpointWeights } from '@core/tensors/join-shards'
import { hasWeights } from '@core/tensors/weight-files'
import { openTokenizer } from '@core/tokenizers/open'
import type { OpenedFile } from '../host/host'
import type { App } from '../state/app'
import { refreshOwnModels } from './own-models'

/** Most bytes of weights: they are held in memory, as file, as numbers and in the engine. */
const maxBytes = 2 * 1024 ** 3

/** Files that are kept of a checkpoint, where it has them. */
const besides = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'training.json']

/** True of files that lie together as those of a checkpoint do. */
export function isCheckpoint(files: readonly OpenedFile[]): boolean {
  const names = files.map(({ name }) => name)
  return names.includes('config.json') && hasWeights(names)
}

/** The files of a checkpoint, which lie together. */
export interface CheckpointFolder {
  readonly name: string
  readonly files: readonly OpenedFile[]
}

/** Keeps a checkpoint, and shows it in Compare. Throws as `keepCheckpoint`. @returns what it is now, in a sentence */
export async function openCheckpoint(app: App, folder: CheckpointFolder): Promise<string> {
  const id = await keepCheckpoint(app, folder)
  app.choose({ view: 'compare', pair: 'free', right: id })
  return `${folder.name} is open: the model ${id}.`
}

/**
 * Keeps a checkpoint as a model of its own, its weights in one file. The same weights are the same model. Throws an error
 * that names the file for one that is missing, and for a kind that the engine does not run.
 *
 * @returns the id of the model
 */
export async function keepCheckpoint(
  app: Pick<App, 'host' | 'store'>,
  { name, files }: CheckpointFolder
): Promise<string> {
  const { models } = app.host
  const find = (wanted: string) => files.find((file) => file.name === wanted)
  const read = async (wanted: string) => {
    const file = find(wanted)
    if (file) return file.bytes()
    const others = files.slice(0, 5).map((each) => each.name)
    const found = `${others.join(', ') || 'none'}${files.length > others.length ? ', …' : ''}`
    throw new Error(`expected the files of a checkpoint, ${wanted} among them, found ${found}`)
  }
  readConfig(jsonOf(await read('config.json'), 'config.json'))
  await openTokenizer(jsonOf(await read('tokenizer.json'), 'tokenizer.json'))
  const names = files.map((file) => file.name)
  if (!hasWeights(names)) await read('model.safetensors')
  const bytes = files.filter((file) => file.name.endsWith('.safetensors')).reduce((sum, { size }) => sum + size, 0)
  if (bytes > maxBytes) {
    throw new Error(`expected weights of at most 2 GiB, found ${(bytes / 1024 ** 3).toFixed(1)} GiB`)
  }
  const weights = await checkpointWeights(names, read)
  const id = `${stemOf(name) || 'checkpoint'}-${(await sha256(weights)).slice(0, 8)}`
  const kept = models.files(id)
  for (const each of besides.filter(find)) await kept.write(each, await read(each))
  // Last, as without it there is no model.
  await kept.write('model.safetensors', weights)
  await refreshOwnModels(app)
  const damaged = app.store.getState().library?.damaged.find((each) => each.id === id)
  if (damaged) {
    await models.remove(id)
    await refreshOwnModels(app)
    throw new Error(damaged.reason)
  }
  return id
}
