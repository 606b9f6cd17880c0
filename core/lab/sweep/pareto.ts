/** The front of what costs something and loses something. */

export interface CostedLoss {
  readonly cost: number
  readonly loss: number
}

/**
 * The points that no other one beats, by rising cost: of every cost at most theirs, each has the least loss, and of equal
 * ones the first.
 */
export function paretoFront<Point extends CostedLoss>(points: readonly Point[]): Point[] {
  let least = Number.POSITIVE_INFINITY
  return points
    .toSorted((a, b) => a.cost - b.cost || a.loss - b.loss)
    .filter(({ loss }) => {
      const isBetter = loss < least
      least = Math.min(least, loss)
      return isBetter
    })
}
