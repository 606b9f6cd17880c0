import { FormatError } from '../formats/format-error'
import type { ModelFiles, RunnableModel } from '../model/runnable-model'
import { openModel } from '../model/runnable-model'
import type { ModelReference } from './model-reference'
import { referenceTo } from './model-reference'

/** Opens the model that a run names. Throws a `FormatError` when it has other weights, and as `openModel`. */
export async function openReferenced({ id, weights }: ModelReference, files: ModelFiles): Promise<RunnableModel> {
  if ((await referenceTo(id, files)).weights !== weights) {
    throw new FormatError(`model '${id}' has other weights than when this run was asked for: ask for it anew`)
  }
  return openModel(id, files)
}
