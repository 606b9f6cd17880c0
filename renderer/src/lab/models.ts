/** Models as runs name and open them: those that are here, and those that a training has kept on its way. */
import { checkpointOf, keptCheckpoints } from '@core/lab/checkpoints'
import type { ModelReference } from '@core/lab/model-reference'
import { referenceTo } from '@core/lab/model-reference'
import type { ModelFiles } from '@core/model/runnable-model'
import type { Host } from '../host/host'
import { readModels } from '../state/library'

/** The files of a model. Rejects when it is not here. */
export async function readModel(host: Host, id: string): Promise<ModelFiles> {
  const kept = checkpointOf(id)
  if (kept) {
    const found = (await keptCheckpoints(host.models.files(kept.training))).find(({ step }) => step === kept.step)
    if (!found) throw new Error(`${kept.training} has not kept its model of step ${kept.step}`)
    return found.files()
  }
  const [found] = await readModels(host, [id])
  if (!found) throw new Error(`${id} is not here`)
  return found.files
}

/** The reference to a model in the spec of a run. Rejects when it is not here. */
export async function referenceOf(host: Host, id: string): Promise<ModelReference> {
  return referenceTo(id, await readModel(host, id))
}
