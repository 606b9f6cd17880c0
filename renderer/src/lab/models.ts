/** Models as runs name and open them: those that are here, and those that a training has kept on its way. */
import type { ModelIndex } from '@core/formats/model-index'
import { checkpointOf, type KeptCheckpoint, keptCheckpoints } from '@core/lab/checkpoints'
import type { ModelReference } from '@core/lab/model-reference'
import { referenceTo } from '@core/lab/model-reference'
import type { ModelFiles } from '@core/model/runnable-model'
import { wholeWeightsName } from '@core/tensors/weight-files'
import type { Host } from '../host/host'
import { readModelFiles, readModels, readReports } from '../state/library'

/** The files of a model, with the record of its training. Rejects when it is not here. */
export async function readModel(host: Host, id: string): Promise<ModelFiles> {
  const kept = checkpointOf(id)
  if (kept) {
    const found = (await checkpointsOf(host, kept.training)).find(({ step }) => step === kept.step)
    if (!found) throw new Error(`${kept.training} has not kept its model of step ${kept.step}`)
    return found.files()
  }
  const [[found], [training]] = await Promise.all([readModels(host, [id]), readReports(host, id)])
  if (!found) throw new Error(`${id} is not here`)
  return { ...found.files, ...(training && { training }) }
}

/** The checkpoints of a training, shipped or trained here, ascending by step. */
export async function checkpointsOf(host: Host, training: string): Promise<KeptCheckpoint[]> {
  const shipped = (await shippedTrainings(host)).find(({ id }) => id === training)
  if (!shipped) return keptCheckpoints(host.models.files(training))
  return shipped.checkpoints.map(({ step, folder }) => ({
    step,
    files: () =>
      readModelFiles({
        names: [wholeWeightsName],
        read: (name) => host.readShippedFile(`${folder}/${name}`)
      })
  }))
}

/** The shipped models that come with checkpoints; none in a build without models, which the library tells. */
export async function shippedTrainings(host: Host): Promise<ModelIndex['models']> {
  const { models } = await host.modelIndex().catch((): ModelIndex => ({ models: [], studies: [] }))
  return models.filter(({ checkpoints }) => checkpoints.length > 0)
}

/** The reference to a model in the spec of a run. Rejects when it is not here. */
export async function referenceOf(host: Host, id: string): Promise<ModelReference> {
  return referenceTo(id, await readModel(host, id))
}
