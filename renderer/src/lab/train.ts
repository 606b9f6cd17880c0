/** Training models here: what they reach is kept, also when they are stopped or the app is killed. */
import { specBy } from '@core/lab/kind'
import { ownTextName, type TrainSpec, trainForm } from '@core/lab/kinds/train'
import type { ModelReference } from '@core/lab/model-reference'
import type { RunRecord } from '@core/lab/run'
import { isUnderWay } from '@core/lab/run'
import type { NamedContent, RunFiles } from '@core/lab/store'
import { messageOf } from '@core/reason'
import type { Host } from '../host/host'
import type { App } from '../state/app'
import { keptText } from '../state/own-texts'
import type { ChosenModel, LabRun, TrainingChoices } from './choices'
import { computeAnew } from './compute-anew'
import { referenceOf } from './models'
import { runName } from './names'
import { trainingProblems } from './problems'
import { type NamedModels, recordOf, specOf, trainingsBefore } from './specs'

/** The runs of the Lab share the cores in turns. */
const together = { group: 'lab' } as const

/**
 * Begins a training. Why one cannot begin is told beside its fields, too.
 * @returns what has become of it, when it has ended in whatever way
 */
export async function beginTraining(app: App, chosen: TrainingChoices, onHold = false): Promise<RunRecord> {
  const { lab } = app
  const { id } = await askFor(app, chosen, onHold)
  return lab.queue.ended(id)
}

async function askFor({ host, store, lab, notify }: App, chosen: TrainingChoices, onHold: boolean): Promise<RunRecord> {
  const refuse = (reason: string) =>
    store.setState(({ refusals }) => ({ refusals: [...refusals, { training: chosen, reason }] }))
  store.setState(({ refusals }) => ({ refusals: refusals.filter(({ training }) => training !== chosen) }))
  const add = async () => {
    const spec = specOf(chosen, await modelsOf({ host, lab }, chosen))
    const how = { ...together, onHold, files: await textOf(host, spec, chosen) }
    // It may have been renamed.
    const known = recordOf(lab.queue.records, chosen)?.id
    return lab.queue.add({ kind: trainForm.kind, spec }, known, how)
  }
  const record = await add().catch((error: unknown) => {
    refuse(messageOf(error))
    throw error
  })
  const { id, status } = record
  store.setState({ shownTraining: id })
  if (status === 'finished') {
    const isHere = (await lab.files(id).names()).includes('model.safetensors')
    if (isHere) {
      const reason = `${id} is trained already: another seed, for example, trains another one.`
      refuse(reason)
      notify(reason)
    } else {
      // It lies in a folder for models that was chosen before.
      const spec = specBy(trainForm, record.spec)
      await computeAnew(lab, trainForm, spec, { files: await textOf(host, spec, chosen) })
    }
  }
  return record
}

/** The models that a training begins with and follows. Rejects where one is not here, or is not trained yet. */
async function modelsOf({ host, lab }: Pick<App, 'host' | 'lab'>, chosen: TrainingChoices): Promise<NamedModels> {
  const refer = async (model: ChosenModel): Promise<ModelReference> => {
    if (!('training' in model)) return { id: model.id, weights: model.weights }
    const record = recordOf(lab.queue.records, model.training)
    if (record?.status !== 'finished') throw new Error(`${runName(model.training)} is to be trained first`)
    return referenceOf(host, record.id)
  }
  const { from, teacher } = chosen
  return { from: from && (await refer(from)), teacher: teacher && (await refer(teacher.model)) }
}

/** The user's text of a training, as a file that it reads; none of generated text. Rejects where it is not kept here. */
async function textOf(host: Host, { corpus }: TrainSpec, { own }: TrainingChoices): Promise<NamedContent[]> {
  if (corpus.kind !== 'text') return []
  const content = await keptText(host, corpus.sha256)
  if (!content) throw new Error(`the text ${own?.name ?? ''} is not kept here: open it again`)
  return [{ name: ownTextName, content }]
}

/**
 * Has these runs learn: those that have not begun begin, those that stand still go on; what is trained stays. A run that
 * begins with the model of a training, or follows it, begins once that has ended, and not at all where it was stopped.
 * Resolves when all have begun that will.
 */
export async function playRuns(app: App, runs: readonly LabRun[]): Promise<void> {
  const { queue } = app.lab
  requireSound(runs)
  const failures: unknown[] = []
  const isDone = (chosen: TrainingChoices) => recordOf(queue.records, chosen)?.status === 'finished'
  const allDone = runs.every(isDone)
  const play = async (chosen: TrainingChoices) => {
    const record = recordOf(queue.records, chosen)
    if (record && isUnderWay(record)) queue.resume(record.id)
    else if (allDone || !isDone(chosen)) {
      await askFor(app, chosen, false).catch((error: unknown) => failures.push(error))
    }
  }
  const later = runs.filter((run) => !trainingsBefore(run).every(isDone))
  const first = later.flatMap(trainingsBefore).filter((training) => !isDone(training))
  for (const chosen of [...runs.filter((run) => !later.includes(run)), ...first]) await play(chosen)
  const ends = later.map(async (run) => {
    const before = trainingsBefore(run).flatMap((training) => recordOf(queue.records, training) ?? [])
    // One that was removed meanwhile has not ended well either.
    await Promise.allSettled(before.map(({ id }) => queue.ended(id)))
    if (trainingsBefore(run).every(isDone)) await play(run)
  })
  await Promise.all(ends)
  if (failures.length > 0) throw failures[0]
}

/** Throws what its field says, too: the palette asks for it whatever is chosen. */
function requireSound(runs: readonly LabRun[]): void {
  const [problem] = runs.flatMap(trainingProblems)
  if (problem) throw new Error(`nothing is trained: ${problem.reason}`)
}

/** Has these runs stand still. */
export function pauseRuns({ lab: { queue } }: App, runs: readonly LabRun[]): void {
  for (const chosen of runs) {
    const record = recordOf(queue.records, chosen)
    if (record) queue.pause(record.id)
  }
}

/** Has each of these runs take one step; one that has not begun begins with it. */
export async function stepRuns(app: App, runs: readonly LabRun[]): Promise<void> {
  requireSound(runs)
  const { queue } = app.lab
  const ids: string[] = []
  for (const chosen of runs) {
    const record = recordOf(queue.records, chosen)
    if (record && isUnderWay(record)) queue.pause(record.id)
    if (record?.status === 'finished') continue
    ids.push(record && isUnderWay(record) ? record.id : (await askFor(app, chosen, true)).id)
  }
  await Promise.all(ids.map((id) => queue.step(id)))
}

/** Forgets what these runs have learnt. Undo brings it back, one after the other. */
export async function resetRuns(app: App, runs: readonly LabRun[]): Promise<void> {
  for (const chosen of runs) {
    const record = recordOf(app.lab.queue.records, chosen)
    if (record) await app.remove(record.id)
  }
}

/** Goes on with a training that ended before its end. */
export async function continueTraining({ lab, store }: App, id: string): Promise<void> {
  const known = lab.queue.records.find((each) => each.id === id)
  const spec = known?.spec ?? (await earlierSpec(lab.files(id)))
  if (!spec) throw new Error(`${id} has saved nothing that it could go on from: remove it, and train it anew`)
  await lab.queue.add({ kind: trainForm.kind, spec }, id, together)
  store.setState({ shownTraining: id })
}

/** The spec of a training that an earlier version of the app has begun; its reader is loaded when there is one. */
async function earlierSpec(files: RunFiles): Promise<TrainSpec | undefined> {
  const { earlierTraining } = await import('@core/lab/earlier-training')
  return earlierTraining(files)
}
