/** The other models of a training: the one that it begins with, and the one that it follows. */
import { readConfig } from '../../arch/runnable'
import { writeConfig } from '../../arch/write-config'
import { compress, readTransform, transformOf } from '../../compress'
import { createCalibration } from '../../compress/calibration'
import { type StoredModel, storedModelOf } from '../../compress/stored-model'
import { tokenizer } from '../../corpus'
import { FormatError } from '../../formats/format-error'
import { parameterLayout } from '../../model/parameters'
import type { RunnableModel } from '../../model/runnable-model'
import { reasonOf } from '../../reason'
import { sameVocabulary } from '../../tokenizers/tokenizer'
import type { Teacher } from '../../train/teacher'
import type { RunContext } from '../kind'
import type { TrainSpec } from './train'

type Needed = Pick<RunContext<never>, 'backend' | 'turn' | 'openModel'>

/** The weights that a training begins with, and which of them stay 0; nothing where they are drawn. */
export interface Start {
  readonly weights?: Float32Array
  readonly mask?: Float32Array
}

/** Opens the model that a training begins with. Throws a `FormatError` for another shape, and as `smallerModel`. */
export async function startOf({ from, architecture, recipe }: TrainSpec, context: Needed): Promise<Start> {
  if (!from) return {}
  const { transforms = [], ...reference } = from
  const model = await smallerModel(await context.openModel(reference), transforms, recipe.seed, context)
  const [own, asked] = [model.architecture, readConfig(architecture)].map((each) => JSON.stringify(writeConfig(each)))
  if (own !== asked) {
    throw new FormatError(`${from.id} has another architecture than this training, and cannot be what it begins with`)
  }
  const mask = maskOf(model)
  return { weights: model.parameters, ...(mask ? { mask } : {}) }
}

/** Characters of training text that transforms may look at. */
const calibrationCharacters = 16_384

/**
 * A model made smaller, to be trained on. Throws a `FormatError` for a transform that quantises: steps would move its
 * weights off their grid. Rejects as `Transform.apply`.
 *
 * @param seed of what is drawn at random
 */
export async function smallerModel(
  model: RunnableModel,
  transforms: NonNullable<NonNullable<TrainSpec['from']>['transforms']>,
  seed: number,
  { backend, turn }: Pick<Needed, 'backend' | 'turn'>
): Promise<StoredModel> {
  const specs = transforms.map(readTransform)
  const quantiser = specs.find(({ id }) => transformOf(id).quantises)
  if (quantiser) {
    throw new FormatError(
      `${quantiser.id} rounds weights to a grid, which training would leave: train first, then quantise what it gives`
    )
  }
  return compress(
    storedModelOf(model),
    specs,
    createCalibration(backend, model, { characters: calibrationCharacters, seed, turn })
  )
}

/** 0 for each weight that pruning has set to 0, 1 for all others; undefined where none is pruned. */
function maskOf({ architecture, parameters, storage }: StoredModel): Float32Array | undefined {
  const pruned = parameterLayout(architecture).parameters.filter(({ name }) => storage.get(name)?.sparse)
  if (pruned.length === 0) return undefined
  const mask = new Float32Array(parameters.length).fill(1)
  for (const { offset, size } of pruned) {
    for (let i = offset; i < offset + size; i++) mask[i] = parameters[i] === 0 ? 0 : 1
  }
  return mask
}

/**
 * Opens the model that a training follows. Throws a `FormatError` for one of another vocabulary, or of a shorter context:
 * it could not read what its student reads.
 */
export async function teacherOf(
  { teacher, architecture }: TrainSpec,
  { openModel }: Pick<Needed, 'openModel'>
): Promise<{ readonly teacher?: Teacher }> {
  if (!teacher) return {}
  const { model: reference, ...distillation } = teacher
  const model = await openModel(reference).catch((error: unknown) => {
    throw new FormatError(`the teacher cannot be opened: ${reasonOf(error)}`, { cause: error })
  })
  requireReader(model, readConfig(architecture).context)
  return { teacher: { ...distillation, architecture: model.architecture, parameters: model.parameters } }
}

/** Throws a `FormatError` for a model that cannot read windows of generated text of a length. */
export function requireReader({ id, tokenizer: own, architecture }: RunnableModel, context: number): void {
  if (!sameVocabulary(own, tokenizer)) {
    throw new FormatError(
      `${id} has another vocabulary (${own.size} tokens) than its student (${tokenizer.size} characters): choose a teacher that reads the same characters`
    )
  }
  if (architecture.context < context) {
    throw new FormatError(
      `${id} has learnt windows of ${architecture.context} tokens, and its student reads ${context}: choose another teacher, or a shorter context`
    )
  }
}
