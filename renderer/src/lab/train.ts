/** Training a model here: what it reaches is kept, also when it is stopped or the app is killed. */
import { FormatError } from '@core/formats/format-error'
import { readSafetensors } from '@core/formats/safetensors'
import { trainSpec } from '@core/lab/kinds/train'
import type { Run, RunRecord } from '@core/lab/run'
import type { RunFiles } from '@core/lab/store'
import { readCheckpoints } from '@core/train/checkpoints'
import { planOf } from '@core/train/fingerprint'
import type { App } from '../state/app'
import { chosenPlan } from './choices'

/**
 * Begins a training; the one that is chosen on the screen by default.
 * @returns what has become of it, when it has ended in whatever way
 */
export async function beginTraining(app: App, chosen = app.store.getState().choices.training): Promise<RunRecord> {
  const { store, lab, notify } = app
  const run = {
    kind: 'train',
    spec: trainSpec(chosenPlan(chosen), { count: chosen.kind === 'moe' ? chosen.checkpoints : 0 })
  }
  const { id, status } = await lab.queue.add(run)
  store.setState({ shownTraining: id })
  if (status === 'finished') notify(`${id} is trained already: another seed, for example, trains another one.`)
  return lab.queue.ended(id)
}

/** Goes on with a training that ended before its end. */
export async function continueTraining({ lab, store }: App, id: string): Promise<void> {
  const known = lab.queue.records.find((each) => each.id === id)
  await lab.queue.add(known ?? (await earlierTraining(lab.files(id))), id)
  store.setState({ shownTraining: id })
}

/** The training of an earlier version that kept no record of it, as a run. */
async function earlierTraining(files: RunFiles): Promise<Run> {
  const saved = await files.read('run.safetensors')
  if (!saved) throw new FormatError('run.safetensors is missing: there is nothing to go on from')
  const checkpoints = await files.read('checkpoints.safetensors')
  const steps = checkpoints ? readCheckpoints(checkpoints).planned : []
  const plan = planOf(readSafetensors(saved).metadata.fingerprint ?? '')
  return { kind: 'train', spec: trainSpec(plan, { steps: [...steps] }) }
}
