import { z } from 'zod'
import type { RunForm } from '../kind'
import { measuredOnSchema } from '../measured-on'
import { modelReferenceSchema } from '../model-reference'
import { stemOf } from '../run-id'
import { calibratedShape, chainSchema } from './compress'

const compressSpeedSpecSchema = z.strictObject({
  on: measuredOnSchema,
  model: modelReferenceSchema,
  /** Each is applied to the model as it was. */
  chains: z.array(chainSchema).min(1),
  ...calibratedShape
})

export type CompressSpeedSpec = z.infer<typeof compressSpeedSpecSchema>

/** Tokens/s of a model while it writes, beside what each of several chains makes of it. */
export const compressSpeedForm: RunForm<CompressSpeedSpec> = {
  kind: 'compress-speed',
  spec: compressSpeedSpecSchema,
  stem: ({ model }) => `${stemOf(model.id)}-speed`,
  title: ({ model }) => `Speed of a smaller ${model.id}`,
  needs: () => 'quiet'
}
