import { z } from 'zod'
import { FormatError } from '../formats/format-error'
import type { ModelFiles, RunnableModel } from '../model/runnable-model'
import { openModel } from '../model/runnable-model'
import { sha256 } from './run-id'

export const modelReferenceSchema = z.strictObject({
  id: z.string().min(1),
  /** SHA-256 of `model.safetensors`, hexadecimal. */
  weights: z.string().regex(/^[0-9a-f]{64}$/)
})

/** A model as a run names it: by its id, and by the hash of its weights, lest another model of that id be meant. */
export type ModelReference = Readonly<z.infer<typeof modelReferenceSchema>>

/** The reference to a model whose files these are. */
export async function referenceTo(id: string, { weights }: Pick<ModelFiles, 'weights'>): Promise<ModelReference> {
  return { id, weights: await sha256(weights) }
}

/** Opens the model that a run names. Throws a `FormatError` when it has other weights, and as `openModel`. */
export async function openReferenced({ id, weights }: ModelReference, files: ModelFiles): Promise<RunnableModel> {
  if ((await referenceTo(id, files)).weights !== weights) {
    throw new FormatError(`model '${id}' has other weights than when this run was asked for: ask for it anew`)
  }
  return openModel(id, files)
}
