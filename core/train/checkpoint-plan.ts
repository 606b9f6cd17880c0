/** The steps after which a training keeps its model. */
import { z } from 'zod'

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

/** A training keeps its model after every so many steps, so many times (`checkpointSteps`), or after these steps. */
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
