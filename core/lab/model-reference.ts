import { z } from 'zod'
import type { ModelFiles } from '../model/runnable-model'
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
