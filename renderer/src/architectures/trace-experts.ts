/** How many different experts a batch reads, counted in a trace that is open instead of expected of random routing. */
import type { UniqueExperts } from '@core/routing/statistics/unique-experts'
import type { RoutingFacts } from '../engine/routing-protocol'
import type { Subject } from './subjects'

/** Whether a trace has as many experts, and sends each token to as many, as a model. */
export function tracesRouting(
  { kind, experts, topK }: Pick<RoutingFacts, 'kind' | 'experts' | 'topK'>,
  subject: Pick<Subject, 'experts'>
): boolean {
  return kind === 'trace' && experts === subject.experts?.experts && topK === subject.experts.topK
}

/**
 * Different experts of a batch for each MoE layer of a model: those of the trace's own layers where it has as many, else
 * their mean in every layer. Undefined where batches of this size were not counted.
 */
export function tracedExperts(
  counted: readonly UniqueExperts[],
  batch: number,
  moeLayers: number
): readonly number[] | undefined {
  const found = counted.find((each) => each.batch === batch && each.batches > 0)
  if (!found) return undefined
  if (found.unique.length === moeLayers) return [...found.unique]
  const mean = found.unique.reduce((sum, each) => sum + each, 0) / found.unique.length
  return Array.from({ length: moeLayers }, () => mean)
}
