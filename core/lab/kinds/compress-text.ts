import { z } from 'zod'
import { generationSettingsSchema } from '../../generate/records'
import type { RunForm } from '../kind'
import { modelReferenceSchema } from '../model-reference'
import { stemOf } from '../run-id'
import { calibratedShape, chainSchema } from './compress'

const compressTextSpecSchema = z.strictObject({
  model: modelReferenceSchema,
  chain: chainSchema,
  ...calibratedShape,
  /** Of both texts. */
  settings: generationSettingsSchema
})

export type CompressTextSpec = z.infer<typeof compressTextSpecSchema>

/** Text of a model, and of what a chain of transforms makes of it. */
export const compressTextForm: RunForm<CompressTextSpec> = {
  kind: 'compress-text',
  spec: compressTextSpecSchema,
  stem: ({ model }) => `${stemOf(model.id)}-text`,
  title: ({ model }) => `Text of a smaller ${model.id}`,
  needs: () => ({ cores: 1 })
}
