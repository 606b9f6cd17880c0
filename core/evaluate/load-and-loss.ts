import { rankCorrelation } from '../rank-correlation'
import type { Ablation } from './ablate'

/** Rank correlation of the experts' load with the change of the loss when each is ablated alone. */
export interface LoadAndLossIncrease {
  /** The layer whose experts are compared; null for those of all layers together. */
  readonly layer: number | null
  /** Number of experts that were ablated alone. */
  readonly experts: number
  /** Spearman's rho of load and |change of the loss|; null where one of them is constant. */
  readonly correlation: number | null
}

/**
 * Correlates load with loss increase over the experts that were ablated alone: for each layer with two of them or more,
 * and, where several layers have them, over all together. Load is an expert's share of its layer's assignments.
 */
export function loadAndLossIncrease({ baseline, rows }: Pick<Ablation, 'baseline' | 'rows'>): LoadAndLossIncrease[] {
  const masked = rows.flatMap(({ intervention, delta }) => {
    const expert =
      intervention.kind === 'mask' && intervention.experts.length === 1 ? intervention.experts[0] : undefined
    const load = baseline.loads.find(({ layer }) => layer === intervention.layer)
    if (expert === undefined || !load) return []
    return [{ layer: load.layer, load: shareOf(load.experts, expert), lossChange: Math.abs(delta) }]
  })
  const compare = (layer: number | null, experts: typeof masked): LoadAndLossIncrease => ({
    layer,
    experts: experts.length,
    correlation: rankCorrelation(
      experts.map((each) => each.load),
      experts.map(({ lossChange }) => lossChange)
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
