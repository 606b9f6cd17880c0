/** The points of a chart by two numbers, where they are drawn. */
import type { Box } from './labels'
import type { XYPoint } from './XYChart'

/** A point of a series, and its place in pixels. */
export interface Place extends Box {
  readonly series: string
  readonly index: number
  readonly point: XYPoint
}

/** Pixels from which a point is still pointed at. */
export const nearest = 28

/** True of the same point, wherever it is drawn. */
export function isSame(a: Place, b: Place | undefined): boolean {
  return a.series === b?.series && a.index === b.index
}

/** The closest place to a pointer; undefined where none is near. */
export function closest(places: readonly Place[], x: number, y: number): Place | undefined {
  let best: Place | undefined
  let distance = nearest
  for (const place of places) {
    const here = Math.hypot(place.x - x, place.y - y)
    if (here < distance) [best, distance] = [place, here]
  }
  return best
}

/** The place that is nearest along x, however far it is. */
export function nearestAlong(places: readonly Place[], x: number): Place | undefined {
  return places.reduce<Place | undefined>(
    (best, place) => (!best || Math.abs(place.x - x) < Math.abs(best.x - x) ? place : best),
    undefined
  )
}
