/** Training a model here: what it reaches is kept, also when it is stopped or the app is killed. */
import { type TrainSpec, trainForm } from '@core/lab/kinds/train'
import type { RunRecord } from '@core/lab/run'
import type { RunFiles } from '@core/lab/store'
import { trainSpec } from '@core/lab/train-spec'
import { messageOf } from '@core/reason'
import type { App } from '../state/app'
import { chosenPlan } from './choices'
import { computeAnew } from './compute-anew'

/**
 * Begins a training; the one that is chosen on the screen by default. Why one cannot begin is told beside the button, too.
 * @returns what has become of it, when it has ended in whatever way
 */
export async function beginTraining(app: App, chosen = app.store.getState().choices.training): Promise<RunRecord> {
  const { store, lab, notify } = app
  const spec = trainSpec(chosenPlan(chosen), { count: chosen.kind === 'moe' ? chosen.checkpoints : 0 })
  const refuse = (reason: string) => store.setState({ refusal: { training: chosen, reason } })
  store.setState({ refusal: undefined })
  const { id, status } = await lab.queue.add({ kind: trainForm.kind, spec }).catch((error: unknown) => {
    refuse(messageOf(error))
    throw error
  })
  store.setState({ shownTraining: id })
  if (status === 'finished') {
    const isHere = (await lab.files(id).names()).includes('model.safetensors')
    if (isHere) {
      const reason = `${id} is trained already: another seed, for example, trains another one.`
      refuse(reason)
      notify(reason)
    } else {
      // It lies in a folder for models that was chosen before.
      await computeAnew(lab, trainForm, spec)
    }
  }
  return lab.queue.ended(id)
}

/** Goes on with a training that ended before its end. */
export async function continueTraining({ lab, store }: App, id: string): Promise<void> {
  const known = lab.queue.records.find((each) => each.id === id)
  const spec = known?.spec ?? (await earlierSpec(lab.files(id)))
  if (!spec) throw new Error(`${id} has saved nothing that it could go on from: remove it, and train it anew`)
  await lab.queue.add({ kind: trainForm.kind, spec }, id)
  store.setState({ shownTraining: id })
}

/** The spec of a training that an earlier version of the app has begun; its reader is loaded when there is one. */
async function earlierSpec(files: RunFiles): Promise<TrainSpec | undefined> {
  const { earlierTraining } = await import('@core/lab/earlier-training')
  return earlierTraining(files)
}
