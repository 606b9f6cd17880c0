import { z } from 'zod'
import { countParameters } from '../../arch/count/count'
import { readConfig } from '../../arch/runnable'
import type { RunForm } from '../kind'
import { measuredOnSchema } from '../measured-on'
import { modelReferenceSchema } from '../model-reference'
import { stemOf } from '../run-id'

const timed = {
  on: measuredOnSchema,
  /** For how long decode and prefill together are repeated. */
  milliseconds: z.int().positive()
}

const benchSpecSchema = z.union([
  z.strictObject({ ...timed, model: modelReferenceSchema }),
  /** As config.json; its weights mean nothing. */
  z.strictObject({ ...timed, architecture: z.record(z.string(), z.unknown()) })
])

export type BenchSpec = z.infer<typeof benchSpecSchema>

/** Tokens per second that a model reads and writes on this machine. */
export const benchForm: RunForm<BenchSpec> = {
  kind: 'bench',
  spec: benchSpecSchema,
  stem: (spec) => {
    if ('model' in spec) return `${stemOf(spec.model.id)}-bench`
    const { total, active } = countParameters(readConfig(spec.architecture))
    return `${total > active.all ? 'moe' : 'dense'}-${Math.round(total / 1000)}k-bench`
  },
  title: (spec, id) => `Speed of ${'model' in spec ? spec.model.id : id}`,
  needs: () => 'quiet'
}
