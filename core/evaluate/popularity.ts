import { rankCorrelation } from '../rank-correlation'
import type { Ablation } from './ablate'

/** Whether the experts that are chosen most are those whose absence changes the loss most. */
export interface PopularityAndDamage {
  /** The layer whose experts are compared; null for those of all layers together. */
  readonly layer: number | null
  /** How many were masked alone. */
  readonly experts: number
  /** Rank correlation of popularity and |change of the loss|; null where one of them has no order. */
  readonly correlation: number | null
}

/**
 * Compares popularity with damage over the experts that were masked alone: for each layer with two of them or more, and,
 * if these are several, for all together. Popularity is an expert's share of its layer's assignments.
 */
export function popularityAndDamage({ baseline, rows }: Pick<Ablation, 'baseline' | 'rows'>): PopularityAndDamage[] {
  const masked = rows.flatMap(({ intervention, delta }) => {
    const expert =
      intervention.kind === 'mask' && intervention.experts.length === 1 ? intervention.experts[0] : undefined
    const load = baseline.loads.find(({ layer }) => layer === intervention.layer)
    if (expert === undefined || !load) return []
    return [{ layer: load.layer, popularity: shareOf(load.experts, expert), damage: Math.abs(delta) }]
  })
  const compare = (layer: number | null, experts: typeof masked): PopularityAndDamage => ({
    layer,
    experts: experts.length,
    correlation: rankCorrelation(
      experts.map(({ popularity }) => popularity),
      experts.map(({ damage }) => damage)
    )
  })
  const layers = baseline.loads
    .map(({ layer }) =>
      compare(
        layer,
        masked.filter((each) => each.layer === layer)
      )
    )
    .filter(({ experts }) => experts > 1)
  return layers.length > 1 ? [...layers, compare(null, masked)] : layers
}

/** The share of a layer's assignments that one expert got. */
export function shareOf(experts: readonly number[], expert: number): number {
  return (experts[expert] ?? Number.NaN) / experts.reduce((a, b) => a + b, 0)
}
