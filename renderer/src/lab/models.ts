/** Models as runs name and open them: those that are here, and those that a training has kept on its way. */
import type { ModelReference } from '@core/lab/model-reference'
import { referenceTo } from '@core/lab/model-reference'
import type { ModelFiles } from '@core/model/runnable-model'
import type { Host } from '../host/host'
import { readModels } from '../state/library'

/** The files of a model. Rejects when it is not here. */
export async function readModel(host: Host, id: string): Promise<ModelFiles> {
  const { checkpointOf } = await checkpoints()
  const kept = checkpointOf(id)
  if (kept) {
    const found = (await keptOf(host, kept.training)).find(({ step }) => step === kept.step)
    if (!found) throw new Error(`${kept.training} has not kept its model of step ${kept.step}`)
    return found.files()
  }
  const [found] = await readModels(host, [id])
  if (!found) throw new Error(`${id} is not here`)
  return found.files
}

/** What refers to a model in the spec of a run. Rejects when it is not here. */
export async function referenceOf(host: Host, id: string): Promise<ModelReference> {
  return referenceTo(id, await readModel(host, id))
}

/** What a training has kept on its way, ascending by step. */
export async function keptOf({ models }: Host, training: string) {
  const { keptCheckpoints } = await checkpoints()
  return keptCheckpoints(models.files(training))
}

/** Loaded when it is needed: it writes models, too, and the front page waits for no such thing. */
const checkpoints = () => import('@core/lab/checkpoints')
