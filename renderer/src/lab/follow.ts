/** Following a training: the models that it kept on its way read the same text, and their routing is compared. */
import { type FollowSpec, followForm, stepTraceName } from '@core/lab/kinds/follow'
import { sha256 } from '@core/lab/run-id'
import { stepName } from '@core/routing/training-step'
import type { App } from '../state/app'
import type { AppState } from '../state/app-state'
import { defaultTraining, type TrainingChoices } from './choices'
import { referenceOf } from './models'
import { openTrace, recordedText } from './record'
import { beginTraining } from './train'

/** The model of the training that shows how routing comes about: small enough for a minute or two. */
export const shortTraining: TrainingChoices = { ...defaultTraining, experts: 8, characters: 250_000 }

/** Trainings that have kept checkpoints, but for dense ones: they have no routing that could come about. */
export function trainingsWithRouters({ checkpointed, library }: Pick<AppState, 'checkpointed' | 'library'>): string[] {
  const dense = library?.models.filter(({ role }) => role === 'dense').map(({ id }) => id)
  return checkpointed.filter((id) => !dense?.includes(id))
}

/** Trains a small MoE that keeps checkpoints, and shows how its routing came about. */
export async function trainAndFollow(app: App): Promise<void> {
  const { id, status } = await beginTraining(app, shortTraining)
  if (status === 'finished') await followTraining(app, id)
}

/** Has the model of each checkpoint of a training read the same text, and shows how its routing came about. */
export async function followTraining(app: App, training: string): Promise<void> {
  const { queue, keptCheckpoints } = app.lab
  const kept = await keptCheckpoints(training)
  if (kept.length < 2) throw new Error(`${training} has kept fewer than two checkpoints: let its training go on`)
  const checkpoints = await Promise.all(
    kept.map(async ({ step, files }) => ({ step, weights: await sha256((await files()).weights) }))
  )
  const spec: FollowSpec = { training, checkpoints, text: recordedText(app), logits: 'routers' }
  const { id } = await queue.add({ kind: followForm.kind, spec })
  if ((await queue.ended(id)).status === 'finished') await openFollowed(app, id, spec)
}

/** Shows what was recorded of a training before. */
export async function openFollowed(app: App, id: string, { training, checkpoints }: FollowSpec): Promise<void> {
  const { store, inspector, choose, host } = app
  const before = store
    .getState()
    .traces.filter((trace) => trace.run !== undefined && trace.training?.series === training)
  for (const { id } of before) await inspector.close(id)
  const present = await referenceOf(host, training).catch(() => undefined)
  for (const { step, weights } of checkpoints) {
    const name = stepName(training, step)
    // The last one is the model that is here, by whose name its router can be changed.
    const model = weights === present?.weights ? training : name
    await openTrace(app, { run: id, file: stepTraceName(step), name, model })
  }
  choose({ view: 'trace', inspection: { ...store.getState().choices.inspection, page: 'training' } })
}
