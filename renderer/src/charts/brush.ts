import { useState } from 'react'

/** Two places on the way of a hand, in pixels: where it began, and where it is. */
export type Brush = readonly [begin: number, now: number]

/** A hand that goes this far only clicks. */
const least = 6

/** The part of an axis that a hand goes over. */
export interface BrushState {
  /** Undefined while nothing is drawn over. */
  readonly part: Brush | undefined
  begin(from: number, to: number): void
  move(to: number): void
  /** Tells which part it was, in values of the axis; nothing where it was but a click. */
  end(valueAt: (place: number) => number): void
  cancel(): void
}

/** @param onBrush hears the values of both ends, the smaller one first; undefined for a chart that is not drawn over */
export function useBrush(onBrush: ((from: number, to: number) => void) | undefined): BrushState {
  const [part, setPart] = useState<Brush>()
  return {
    part,
    begin: (from, to) => {
      if (onBrush) setPart([from, to])
    },
    move: (to) => setPart((before) => before && [before[0], to]),
    end: (valueAt) => {
      if (part && Math.abs(part[1] - part[0]) >= least)
        onBrush?.(valueAt(Math.min(...part)), valueAt(Math.max(...part)))
      setPart(undefined)
    },
    cancel: () => setPart(undefined)
  }
}
