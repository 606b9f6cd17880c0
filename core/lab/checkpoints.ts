/** Models that a training has kept on its way, each as an ordinary model folder inside that of the training. */
import type { ModelFiles } from '../model/runnable-model'
import type { RunFiles } from './store'

/** The one file in which earlier versions kept all models of a training. */
export const earlierCheckpointsName = 'checkpoints.safetensors'

/** The folder of the model after a step, inside that of its training. */
export function checkpointFolder(step: number): string {
  return `checkpoints/step-${step}`
}

/** The id of the model that a training has kept after a step. */
export function checkpointModel(training: string, step: number): string {
  return `${training}/${checkpointFolder(step)}`
}

/** The training and the step of such an id; undefined for any other. */
export function checkpointOf(model: string): { readonly training: string; readonly step: number } | undefined {
  const [, training, step] = /^(.+)\/checkpoints\/step-(\d+)$/.exec(model) ?? []
  return training === undefined ? undefined : { training, step: Number(step) }
}

export interface KeptCheckpoint {
  readonly step: number
  /** The files of its model. */
  files(): Promise<ModelFiles>
}

/** The checkpoints that a training has kept, ascending by step. */
export async function keptCheckpoints(training: Pick<RunFiles, 'names' | 'read'>): Promise<KeptCheckpoint[]> {
  const kept = (await training.names()).flatMap((name) => {
    // Of a folder the weights are written last.
    const step = Number(/^checkpoints\/step-(\d+)\/model\.safetensors$/.exec(name)?.[1] ?? Number.NaN)
    return step ? [{ step, files: () => readFolder(training, checkpointFolder(step)) }] : []
  })
  return kept.sort((a, b) => a.step - b.step)
}

/** The files of a model in a folder of a run, its own by default. Throws when one is missing. */
export async function readFolder(files: Pick<RunFiles, 'read'>, folder = ''): Promise<ModelFiles> {
  const place = (name: string) => (folder === '' ? name : `${folder}/${name}`)
  const existing = async (name: string) => {
    const found = await files.read(place(name))
    if (!found) throw new Error(`${place(name)} is missing`)
    return found
  }
  const training = await files.read(place('training.json'))
  return {
    config: await existing('config.json'),
    weights: await existing('model.safetensors'),
    tokenizer: await existing('tokenizer.json'),
    ...(training ? { training } : {})
  }
}
