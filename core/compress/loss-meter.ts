import type { Windows } from '../corpus'
import { createMaskedEvaluator } from '../evaluate/masked-evaluator'
import {
  addNats,
  type ByDomain,
  type ChangedLoss,
  changesOf,
  countCharacters,
  lossesOf,
  type MeasuredLoss,
  type WindowSums,
  windowSums
} from '../evaluate/paired-losses'
import type { Turn } from '../give-way'
import type { Backend } from '../runtime/backend'
import type { StoredModel } from './stored-model'

/** The parts of a model that its loss depends on. */
export type WeighedModel = Pick<StoredModel, 'architecture' | 'parameters'>

/** Measures what transforms do to the loss of one model, all on the same text. */
export interface LossMeter {
  /** The model as it was. */
  readonly before: MeasuredLoss & { readonly domains: ByDomain<MeasuredLoss> }
  /** The loss of a model that was made of it, and the paired difference. */
  changeOf(model: WeighedModel): Promise<ChangedLoss & { readonly domains: ByDomain<ChangedLoss> }>
}

export interface LossMeterOptions {
  readonly turn?: Turn
  /** After each batch of any model. */
  readonly onBatch?: () => void
}

/** Reads the text once with the model as it is, and again with each that is made of it. */
export async function createLossMeter(
  backend: Backend,
  model: WeighedModel,
  windows: Windows,
  options: LossMeterOptions = {}
): Promise<LossMeter> {
  const characters = countCharacters(windows)
  const natsOf = (each: WeighedModel) => windowNats(backend, each, windows, options)
  const baseline = await natsOf(model)
  return {
    before: lossesOf(baseline, characters),
    changeOf: async (each) => changesOf(await natsOf(each), baseline, characters)
  }
}

async function windowNats(
  backend: Backend,
  model: WeighedModel,
  windows: Windows,
  options: LossMeterOptions
): Promise<WindowSums> {
  const evaluator = createMaskedEvaluator(backend, model)
  try {
    const { nats } = await evaluator.evaluate(windows, options)
    const sums = windowSums(windows)
    addNats(sums, windows, 0, nats)
    return sums
  } finally {
    await evaluator.release()
  }
}
