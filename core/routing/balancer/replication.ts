/** Replicas of experts. */
export interface Replication {
  /** The expert that each replica is of: first every expert once, then the additional ones: `[replicas]`. */
  readonly experts: Int32Array
  /** Replicas of each expert: `[experts]`. */
  readonly copies: Int32Array
}

/**
 * Gives experts replicas so that the heaviest replica is as light as it can be: each additional one goes to the expert
 * whose replicas carry most. Of equals the first wins. `replicas` is at least `weights.length`.
 */
export function replicate(weights: ArrayLike<number>, replicas: number): Replication {
  const experts = new Int32Array(replicas)
  const copies = new Int32Array(weights.length).fill(1)
  for (let replica = 0; replica < replicas; replica++) {
    if (replica < weights.length) {
      experts[replica] = replica
      continue
    }
    const heaviest = heaviestOf(weights, copies)
    experts[replica] = heaviest
    copies[heaviest] = (copies[heaviest] ?? 0) + 1
  }
  return { experts, copies }
}

function heaviestOf(weights: ArrayLike<number>, copies: Int32Array): number {
  const each = (expert: number) => (weights[expert] ?? 0) / (copies[expert] ?? 1)
  let heaviest = 0
  for (let expert = 1; expert < weights.length; expert++) if (each(expert) > each(heaviest)) heaviest = expert
  return heaviest
}
