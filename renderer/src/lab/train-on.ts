/** Training goes on from a model that is here: on the same text, or on another one. */

import { countParameters } from '@core/arch/count/count'
import { readConfig } from '@core/arch/runnable'
import { canonicalJson } from '@core/canonical-json'
import { smallWorldSize } from '@core/corpus'
import { type CorpusSpec, currentCorpus, type Recipe } from '@core/formats/training-report'
import { specBy } from '@core/lab/kind'
import { type TrainSpec, trainForm } from '@core/lab/kinds/train'
import type { App } from '../state/app'
import { defaultTraining, type TrainingChoices } from './choices'
import { referenceOf } from './models'
import { specOf } from './specs'

/**
 * Puts a run into the Lab that begins with the weights of a model trained here, and otherwise is as its training was.
 * Throws a `RangeError` for a model of a shape that cannot be chosen.
 */
export async function trainOn(app: App, id: string): Promise<void> {
  const { host, lab, store, choose, notify } = app
  const record = lab.queue.records.find((run) => run.id === id)
  if (!record) throw new RangeError(`how ${id} was trained is not known: it cannot be trained on`)
  const chosen = choicesOf(specBy(trainForm, record.spec))
  const parameters = countParameters(readConfig(specBy(trainForm, record.spec).architecture)).total
  const from = { ...(await referenceOf(host, id)), parameters }
  const runs = [{ ...chosen, from }]
  choose({ view: 'lab', lab: { ...store.getState().choices.lab, runs, edited: 0, zoom: null } })
  notify(`The Lab has one run now, which begins with the weights of ${id}. Undo brings the former ones back.`)
}

/** The choices with which a training was asked for. Throws a `RangeError` where none are the same. */
export function choicesOf(spec: TrainSpec): TrainingChoices {
  const { from: _from, ...chosen } = { from: undefined, ...shapeOf(spec), ...readingOf(spec) }
  const choices: TrainingChoices = { ...defaultTraining, ...chosen }
  const [asked, own] = [specOf(choices), spec].map(({ architecture, corpus, recipe }) =>
    canonicalJson([architecture, corpus, recipe])
  )
  if (asked !== own) throw new RangeError('this model has a shape, a text or a recipe that cannot be chosen in the Lab')
  return choices
}

function shapeOf({ architecture: config, checkpoints }: TrainSpec): Partial<TrainingChoices> {
  const architecture = readConfig(config)
  const [layer] = architecture.layers
  if (!layer) throw new RangeError('this model has no layers')
  const { width, context, layers, sharedLayers: isShared = false } = architecture
  const shape = { width, context, layers: layers.length, heads: layer.attention.heads, sharedLayers: isShared }
  const { feedForward } = layer
  if (feedForward.kind === 'dense') return { ...shape, kind: 'dense', feedForwardWidth: feedForward.width }
  const { experts, topK, expertWidth, sharedWidth, router } = feedForward
  const kept = 'count' in checkpoints ? { checkpoints: checkpoints.count } : {}
  return { ...shape, kind: 'moe', experts, topK, expertWidth, sharedWidth, router, ...kept }
}

function readingOf({ corpus, recipe }: TrainSpec): Partial<TrainingChoices> {
  if ('kind' in corpus) throw new RangeError("a training on a user's text is continued from its own files")
  return { ...recipeOf(recipe), ...textOf(corpus, recipe) }
}

function recipeOf(recipe: Recipe): Partial<TrainingChoices> {
  const { seed, characters, batch, learning_rate, warmup_steps, final_rate, balance_loss } = recipe
  return {
    seed,
    characters,
    batch,
    learningRate: learning_rate,
    warmupSteps: warmup_steps,
    balanceLoss: balance_loss,
    ...(final_rate === 1 ? { schedule: 'constant' } : { finalRate: final_rate }),
    ...('decay' in recipe && recipe.decay === 'linear' ? { schedule: 'linear' } : {})
  }
}

function textOf({ world, characters, shares }: CorpusSpec, recipe: Recipe): Partial<TrainingChoices> {
  const text = world.names === smallWorldSize.names ? 'small' : 'shipped'
  const usual = text === 'small' ? Math.min(recipe.characters, currentCorpus.characters) : currentCorpus.characters
  return { text, ...(shares ? { shares } : {}), ...(characters === usual ? {} : { textCharacters: characters }) }
}
