/** A training as a spec of the terminal asks for it, with the user's text and the models that it names. */
import { type Edition, type OwnText, whyTooShort } from '@core/corpus'
import type { TrainSpec } from '@core/lab/kinds/train'
import type { TrainFile } from '@core/lab/train-file'
import { trainSpec } from '@core/lab/train-spec'
import type { Backend } from '@core/runtime/backend'
import type { CheckpointPlan } from '@core/train/checkpoint-plan'
import { FailureError } from '../terminal/errors'
import type { ModelStore } from '../terminal/model-store'
import { askedCorpus } from './asked-corpus'
import { type AskedModels, askedModels } from './models'

export interface AskedTraining extends Pick<AskedModels, 'architecture' | 'openModel'> {
  readonly spec: TrainSpec
  readonly own: OwnText | undefined
}

export interface SpecReader {
  /** The steps after which the model is kept; by default none. */
  readonly checkpoints?: CheckpointPlan | undefined
  /** The edition of the corpus that the training has begun with, which a spec may leave open. */
  readonly begun?: Edition | undefined
  readonly store: Pick<ModelStore, 'ids' | 'refer'>
  readonly backend: Backend
}

/**
 * Reads what a spec asks for. Throws as `askedModels` and `askedCorpus`, and a `FailureError` for a text that is too
 * short.
 *
 * @param path of the spec, from whose folder others count
 */
export async function askedTraining(
  given: TrainFile,
  path: string,
  { checkpoints = { count: 0 }, begun, ...models }: SpecReader
): Promise<AskedTraining> {
  const { architecture, named, openModel } = await askedModels(given, path, models)
  const { corpus, own } = await askedCorpus(given, path, begun)
  const problem = own && whyTooShort(own, architecture.context)
  if (problem) throw new FailureError(problem)
  const spec = { ...trainSpec({ architecture, corpus, recipe: given.recipe }, checkpoints), ...named }
  return { spec, own, openModel, architecture }
}
