import { z } from 'zod'
import { domainIds } from '../../corpus'
import type { Ablation } from '../../evaluate/ablate'
import { jsonBy } from '../../formats/json'
import { interventionSchema } from '../../model/intervention'
import type { RunForm } from '../kind'
import { modelReferenceSchema } from '../model-reference'
import { stemOf } from '../run-id'

export const ablateSpecSchema = z.strictObject({
  model: modelReferenceSchema,
  interventions: z.array(interventionSchema),
  /** Characters of validation text; only its whole documents count. */
  characters: z.int().positive(),
  /** Of routing by chance. */
  seed: z.int().nonnegative()
})

export type AblateSpec = z.infer<typeof ablateSpecSchema>

/** The result of an ablation; there from the first row on. */
export const ablationName = 'ablation.json'

/** An ablation as it is kept. */
export interface KeptAblation extends Ablation {
  readonly format: 'moescope.ablation/1'
  readonly model: string
  /** Every intervention has its row. */
  readonly whole: boolean
}

/** The loss of a model with its routers changed in each of several ways. */
export const ablateForm: RunForm<AblateSpec> = {
  kind: 'ablate',
  spec: ablateSpecSchema,
  stem: ({ model }) => `${stemOf(model.id)}-ablation`,
  title: ({ model }) => `Ablating ${model.id}`,
  needs: () => ({ cores: 1 })
}

const domain = z.enum(domainIds)
const count = z.int().nonnegative()
const measured = { loss: z.number(), tokens: count }
const changed = { ...measured, delta: z.number(), standardError: z.number().nullable() }
const loads = z.array(z.object({ layer: count, experts: z.array(count) }))

const ablationSchema = z.object({
  format: z.literal('moescope.ablation/1'),
  model: z.string(),
  windows: count,
  baseline: z.object({ ...measured, domains: z.partialRecord(domain, z.object(measured)), loads }),
  rows: z.array(
    z.object({
      intervention: interventionSchema,
      ...changed,
      domains: z.partialRecord(domain, z.object(changed)),
      loads
    })
  ),
  whole: z.boolean()
})

/** Reads `ablation.json`. Throws a `FormatError` when it is damaged. */
export function readAblation(bytes: Uint8Array): KeptAblation {
  return jsonBy(ablationSchema, bytes, ablationName)
}
