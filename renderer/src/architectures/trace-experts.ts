/** Unique experts of a batch, counted in an open trace instead of expected from random routing. */
import type { UniqueExperts } from '@core/routing/statistics/unique-experts'
import type { RoutingFacts } from '../engine/routing-protocol'
import type { Subject } from './subjects'

/** True of a trace with the experts and top-k of a model. */
export function tracesRouting(
  { kind, experts, topK }: Pick<RoutingFacts, 'kind' | 'experts' | 'topK'>,
  subject: Pick<Subject, 'experts'>
): boolean {
  return kind === 'trace' && experts === subject.experts?.experts && topK === subject.experts.topK
}

/**
 * Different experts of a batch for each MoE layer of a model: those of the trace's own layers where it has as many, else
 * their mean in every layer. Undefined where the trace is shorter than such a batch.
 */
export function tracedExperts({ batches, unique }: UniqueExperts, moeLayers: number): readonly number[] | undefined {
  if (batches === 0) return undefined
  if (unique.length === moeLayers) return [...unique]
  const mean = unique.reduce((sum, each) => sum + each, 0) / unique.length
  return Array.from({ length: moeLayers }, () => mean)
}
