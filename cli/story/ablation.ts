/** Ablations as `moescope ablate --every-expert --json` records them, as far as stories tell of them. */
export interface Ablation {
  readonly baseline: { readonly loss: number; readonly loads: readonly LayerLoad[] }
  readonly rows: readonly {
    readonly intervention: { readonly layer: number; readonly experts: readonly number[] }
    /** Nats per character. */
    readonly delta: number
    readonly domains: Readonly<Record<string, { readonly delta: number }>>
  }[]
  /** Rank correlation of load and loss increase, by layer; of all layers where `layer` is null. */
  readonly popularity_and_damage: readonly { readonly layer: number | null; readonly correlation: number }[]
}

interface LayerLoad {
  readonly layer: number
  /** Assignments. */
  readonly experts: readonly number[]
}

/** Share of a layer's assignments that each expert got: `[MoE layers][experts]`. */
export function sharesOf(loads: readonly LayerLoad[]): number[][] {
  return loads.map(({ experts }) => {
    const all = experts.reduce((sum, each) => sum + each, 0)
    return experts.map((each) => each / all)
  })
}

/** Load and loss increase of every expert, by rising load. */
export function damagePoints({ baseline, rows }: Ablation): { x: number; y: number }[] {
  const shares = sharesOf(baseline.loads)
  return rows
    .map(({ intervention: { layer, experts }, delta }) => {
      const place = baseline.loads.findIndex((each) => each.layer === layer)
      return { x: shares[place]?.[experts[0] ?? -1] ?? Number.NaN, y: delta }
    })
    .sort((a, b) => a.x - b.x)
}
