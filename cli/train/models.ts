/** The models that the spec of a training names: the one that it begins with, and its teacher. */
import { dirname, resolve } from 'node:path'
import type { Architecture } from '@core/arch/architecture'
import { FormatError } from '@core/formats/format-error'
import { giveWay } from '@core/give-way'
import type { TrainSpec } from '@core/lab/kinds/train'
import { requireReader, smallerModel } from '@core/lab/kinds/train-models'
import type { ModelReference } from '@core/lab/model-reference'
import { architectureOf, type TrainFile } from '@core/lab/train-file'
import type { RunnableModel } from '@core/model/runnable-model'
import type { Backend } from '@core/runtime/backend'
import { reasonOf } from '../../node/reason'
import { readTransformOption } from '../compress/transform-option'
import { FailureError, UsageError } from '../terminal/errors'
import type { ModelStore } from '../terminal/model-store'

export interface AskedModels {
  /** The one that is asked for, or that of the model to begin with. */
  readonly architecture: Architecture
  readonly named: Pick<TrainSpec, 'from' | 'teacher'>
  /** Opens a model that the spec names. */
  openModel(reference: ModelReference): Promise<RunnableModel>
}

/**
 * Opens the models that a spec names by an id, or by a folder, whose path counts from the spec. Throws a `FailureError`
 * for one that is not there, that cannot teach, or that transforms cannot make smaller.
 *
 * @param backend runs the model that is to be made smaller, where its architecture is not given
 */
export async function askedModels(
  { architecture, from, teacher, recipe }: TrainFile,
  specPath: string,
  { store, backend }: { readonly store: Pick<ModelStore, 'ids' | 'refer'>; readonly backend: Backend }
): Promise<AskedModels> {
  const opened = new Map<string, RunnableModel>()
  const refer = async (name: string): Promise<ModelReference & { readonly model: RunnableModel }> => {
    const { model, reference } = await store.refer(besideSpec(name, specPath, store.ids))
    opened.set(name, { ...model, id: name })
    return { id: name, weights: reference.weights, model }
  }
  const begun = await within('from', async () => {
    if (!from) return undefined
    const { model, ...reference } = await refer(from.model)
    const transforms = from.transforms?.map(readTransformOption)
    const smaller =
      transforms && !architecture
        ? await smallerModel(model, transforms, recipe.seed, { backend, turn: giveWay })
        : model
    return { architecture: smaller.architecture, from: { ...reference, ...(transforms ? { transforms } : {}) } }
  })
  const own = begun && !architecture ? begun.architecture : architectureOf(architecture)
  const taught = await within('teacher', async () => {
    if (!teacher) return undefined
    const { model, ...reference } = await refer(teacher.model)
    requireReader({ ...model, id: teacher.model }, own.context)
    return { ...teacher, model: reference }
  })
  return {
    architecture: own,
    named: { ...(begun ? { from: begun.from } : {}), ...(taught ? { teacher: taught } : {}) },
    openModel: async ({ id }) => {
      const found = opened.get(id)
      if (!found) throw new FailureError(`model '${id}' is not here`)
      return found
    }
  }
}

/** The id of a shipped model as it is; the path of a folder counted from that of a spec. */
export function besideSpec(name: string, specPath: string, ids: readonly string[]): string {
  return ids.includes(name) ? name : resolve(dirname(specPath), name)
}

async function within<T>(field: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    const isExpected = [FailureError, UsageError, FormatError, RangeError].some((kind) => error instanceof kind)
    throw isExpected ? new FailureError(`${field}: ${reasonOf(error)}`, { cause: error }) : error
  }
}
