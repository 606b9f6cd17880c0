/**
 * Loss against size: straight lines in the logarithm of the size between measured sizes, solved for the size. Nothing
 * is said outside the measured sizes.
 */

/** A measured size. */
export interface CurvePoint {
  /** Natural logarithm of the number of parameters. */
  readonly logSize: number
  /** Nats per character; never above that of the point before. */
  readonly loss: number
  /** Half-width of the confidence interval of another model's mean loss less this one, in nats. */
  readonly margin: number
}

/** The stretch between two neighbouring sizes. */
export interface Segment {
  readonly line: Line
  /** The larger margin of the two ends. */
  readonly margin: number
  /** The lines of the neighbouring stretches. */
  readonly neighbours: readonly Line[]
}

export type Line = readonly [CurvePoint, CurvePoint]

/** The stretches between neighbouring points, which are given by rising size. */
export function segmentsOf(points: readonly CurvePoint[]): Segment[] {
  const lines = points.flatMap((right, i): Line[] => {
    const left = points[i - 1]
    return left ? [[left, right]] : []
  })
  return lines.map((line, i) => ({
    line,
    margin: Math.max(line[0].margin, line[1].margin),
    neighbours: [lines[i - 1], lines[i + 1]].filter((neighbour) => neighbour !== undefined)
  }))
}

/** Logarithm of the size at which the curve has come down to a loss; undefined when it never does. */
export function interpolatedSize(segments: readonly Segment[], loss: number): number | undefined {
  return first(segments, ({ line }) => firstAtMost(line, loss))
}

/**
 * Logarithm of the smallest size whose loss may be as low as `loss`, its margin allowed for; undefined when there is
 * none. Between two sizes a curve of diminishing returns lies below the straight line, which therefore flatters: it
 * lies above the neighbouring lines drawn further, and these are the limit here.
 */
export function smallestSize(segments: readonly Segment[], loss: number): number | undefined {
  return first(segments, ({ line, margin, neighbours }) => {
    const convex = Math.max(...neighbours.map((neighbour) => firstAtMost(neighbour, loss + margin)))
    return Math.min(firstAtMost(line, loss + margin), convex)
  })
}

/** Logarithm of the largest size whose loss may be as high as `loss`, its margin allowed for; undefined for none. */
export function largestSize(segments: readonly Segment[], loss: number): number | undefined {
  const mirrored = segments.toReversed().map(({ line: [left, right], margin }) => ({
    line: [mirror(right), mirror(left)] as const,
    margin
  }))
  const size = first(mirrored, ({ line, margin }) => firstAtMost(line, margin - loss))
  return size === undefined ? undefined : -size
}

function first<T extends { readonly line: Line }>(segments: readonly T[], solve: (segment: T) => number) {
  for (const segment of segments) {
    const [left, right] = segment.line
    const size = Math.max(solve(segment), left.logSize)
    if (size <= right.logSize) return size
  }
  return undefined
}

/** Size at which a falling line, extended as far as necessary, reaches a loss; a level one does everywhere or never. */
function firstAtMost([left, right]: Line, loss: number): number {
  const fall = left.loss - right.loss
  if (fall === 0) return left.loss <= loss ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return left.logSize + ((left.loss - loss) / fall) * (right.logSize - left.logSize)
}

/** Larger sizes become smaller and higher losses lower, so that a falling curve stays one. */
function mirror({ logSize, loss, margin }: CurvePoint): CurvePoint {
  return { logSize: -logSize, loss: -loss, margin }
}
