import { z } from 'zod'
import { domainIds } from '../../corpus'
import type { Ablation } from '../../evaluate/ablate'
import { ablate as measure } from '../../evaluate/ablate'
import { jsonBy, jsonBytes } from '../../formats/json'
import { interventionName, interventionSchema } from '../../model/intervention'
import type { RunKind } from '../kind'
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

/** What its model loses when its routers are changed in each of several ways. Tells all that is known after each row. */
export const ablate: RunKind<AblateSpec, Ablation> = {
  kind: 'ablate',
  spec: ablateSpecSchema,
  stem: ({ model }) => `${stemOf(model.id)}-ablation`,
  title: ({ model }) => `Changing the router of ${model.id}`,
  needs: () => ({ cores: 1 }),
  run: async ({ model, interventions, characters, seed }, context) => {
    const { files, backend, turn, keep, progress, tell } = context
    const kept = await files.read(ablationName)
    const before = kept && readAblation(kept)
    if (before?.whole) return
    const known = before?.rows ?? []
    const opened = await context.openModel(model)
    let ablation: Ablation | undefined
    let savedAt = performance.now()
    const save = async () => {
      const whole = ablation?.rows.length === interventions.length
      if (ablation) {
        const content: KeptAblation = { format: 'moescope.ablation/1', model: model.id, ...ablation, whole }
        await keep([{ name: ablationName, content: jsonBytes(content) }])
      }
      savedAt = performance.now()
    }
    try {
      await measure(backend, opened, {
        interventions,
        tokens: characters,
        seed,
        known,
        onProgress: (done, total) => {
          const row = ablation?.rows.length ?? known.length
          const present = ablation && interventions[row]
          const parts = known.length + ((interventions.length + 1 - known.length) * done) / total
          progress(parts / (interventions.length + 1), present ? interventionName(present) : 'as it was trained')
        },
        onPart: (part) => {
          ablation = part
          tell(part)
        },
        turn: async () => {
          await turn()
          if (performance.now() - savedAt > millisecondsBetweenSaves) await save()
        }
      })
    } finally {
      await save()
    }
  }
}

const millisecondsBetweenSaves = 2000

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
