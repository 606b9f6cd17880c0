/** Effective parameters as they are now, against the dense models that learn beside a model. */

/** Validation losses of a model by the characters that it had read. */
export interface BesideRun {
  readonly total: number
  readonly points: readonly { readonly characters: number; readonly loss: number }[]
}

/** Between which dense sizes a model stands; without an end where no dense model is better, or none is worse. */
export interface EffectiveBeside {
  /** Characters after which all of them were measured. */
  readonly characters: number
  readonly low: number | undefined
  readonly high: number | undefined
}

/**
 * The dense models whose losses are above and below that of a model after the same characters of the same text, at the
 * last point that it has in common with any. One seed of each has no interval, and nothing is interpolated: the ends are
 * sizes that were measured. Undefined before there is such a point.
 */
export function effectiveBeside(
  model: Pick<BesideRun, 'points'>,
  dense: readonly BesideRun[]
): EffectiveBeside | undefined {
  for (const { characters, loss } of model.points.toReversed()) {
    const measured = dense.flatMap(({ total, points }) => {
      const point = points.find((each) => each.characters === characters)
      return point ? [{ total, loss: point.loss }] : []
    })
    if (measured.length === 0) continue
    const worse = measured.filter((each) => each.loss > loss).map(({ total }) => total)
    const better = measured.filter((each) => each.loss <= loss).map(({ total }) => total)
    return {
      characters,
      low: worse.length > 0 ? Math.max(...worse) : undefined,
      high: better.length > 0 ? Math.min(...better) : undefined
    }
  }
  return undefined
}
