/** Figures of the load of experts while a model learns. */
import type { LoadStretch } from './state'

/** Load of a layer's experts in a stretch. */
export interface LayerLoad {
  /** Share of the assignments by expert; they sum to 1. */
  readonly shares: readonly number[]
  /** Entropy of the shares over that of an even load: 1 when even, 0 when one expert takes all. */
  readonly entropy: number
  /** Experts that no token chose. */
  readonly dead: number
}

/** The loads of a stretch, by MoE layer. */
export function layerLoads({ counts }: Pick<LoadStretch, 'counts'>): LayerLoad[] {
  return counts.map((row) => {
    const total = row.reduce((sum, count) => sum + count, 0)
    const shares = row.map((count) => (total > 0 ? count / total : 0))
    const nats = shares.reduce((sum, share) => sum - (share > 0 ? share * Math.log(share) : 0), 0)
    const dead = row.filter((count) => count === 0).length
    return { shares, entropy: row.length > 1 ? nats / Math.log(row.length) : 1, dead }
  })
}

/** The largest share of a layer's assignments that one expert got over the last quarter; undefined where none is known. */
export function largestLoad(loads: readonly LoadStretch[]): number | undefined {
  const last = loads.slice(-Math.ceil(loads.length / 4))
  const [first] = last
  if (!first) return undefined
  const counts = first.counts.map((row, layer) =>
    row.map((_, expert) => last.reduce((sum, stretch) => sum + (stretch.counts[layer]?.[expert] ?? 0), 0))
  )
  return Math.max(...layerLoads({ counts }).flatMap(({ shares }) => shares))
}
