/** When a training keeps its model, and the file of several that earlier versions kept beside the weights. */
import { z } from 'zod'
import { FormatError } from '../formats/format-error'
import { jsonValue } from '../formats/json-metadata'
import { float32Of, readSafetensors } from '../formats/safetensors'

/** A model as it was after a step of its training. */
export interface Checkpoint {
  readonly step: number
  /** All weights as the flat vector of `parameterLayout`. */
  readonly parameters: Float32Array
}

/** What an earlier version kept of one training, as far as it has come. */
export interface Checkpoints {
  /** What is trained and how: see `fingerprintOf`. */
  readonly fingerprint: string
  /** Steps after which the model is to be kept, ascending. */
  readonly planned: readonly number[]
  /** Ascending. */
  readonly kept: readonly Checkpoint[]
}

/**
 * So many steps after which a model is kept, or fewer where a training has no more: evenly spaced on a logarithmic
 * scale from a 128th of the whole to its end, because routing settles early (Muennighoff et al. 2024, "OLMoE", section
 * 5.1).
 */
export function checkpointSteps(steps: number, count: number): number[] {
  const first = Math.max(1, steps / 128)
  const place = (i: number) => (count > 1 ? i / (count - 1) : 1)
  return [...new Set(Array.from({ length: count }, (_, i) => Math.round(first * (steps / first) ** place(i))))]
}

/** When a training keeps its model: after every so many steps, so many times (`checkpointSteps`), or after these steps. */
export const checkpointPlanSchema = z.union([
  z.strictObject({ every: z.int().positive() }),
  z.strictObject({ count: z.int().nonnegative() }),
  z.strictObject({ steps: z.array(z.int().positive()) })
])

export type CheckpointPlan = z.infer<typeof checkpointPlanSchema>

/** The steps after which a training of so many keeps its model, ascending. */
export function plannedSteps(plan: CheckpointPlan, steps: number): number[] {
  if ('count' in plan) return checkpointSteps(steps, plan.count)
  if ('every' in plan) return Array.from({ length: Math.floor(steps / plan.every) }, (_, i) => (i + 1) * plan.every)
  return plan.steps.filter((step) => step <= steps)
}

const planSchema = jsonValue.pipe(z.array(z.int().positive()))

/** Reads `checkpoints.safetensors` of earlier versions; throws a `FormatError` when it is damaged. */
export function readCheckpoints(bytes: Uint8Array): Checkpoints {
  const { metadata, tensors } = readSafetensors(bytes)
  const { fingerprint } = metadata
  const plan = planSchema.safeParse(metadata.planned)
  if (metadata.format !== format || fingerprint === undefined || !plan.success) {
    throw new FormatError(
      `expected checkpoints of a training (${format}), found ${metadata.format ?? 'something else'}`
    )
  }
  const kept = plan.data.flatMap((step): Checkpoint[] => {
    const found = tensors.get(tensorName(step))
    return found ? [{ step, parameters: float32Of(found, tensorName(step)).slice() }] : []
  })
  return { fingerprint, planned: plan.data, kept }
}

const format = 'moescope.checkpoints/1'

function tensorName(step: number): string {
  return `step_${step}`
}
