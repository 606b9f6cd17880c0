/** The floor of the runs in sight, where all have the same. */
import type { SweepRun } from '@core/lab/sweep/read-run'
import { formatLoss } from '../charts/format'

export interface NearFloor {
  readonly references: readonly { readonly y: number; readonly label: string }[]
  /** Tells of a floor that is too far below the losses to be drawn with them; empty otherwise. */
  readonly note: string
}

/** The floor as a line, where it leaves room to tell the losses apart; else in words. */
export function floorNear(runs: readonly SweepRun[], losses: readonly number[]): NearFloor {
  const [floor, other] = new Set(runs.map(({ figures }) => figures.floor))
  if (typeof floor !== 'number' || other !== undefined || losses.length === 0) return { references: [], note: '' }
  const [low, high] = losses.reduce(([a, b], loss) => [Math.min(a, loss), Math.max(b, loss)], [Infinity, -Infinity])
  return floor > low - (high - low)
    ? { references: [{ y: floor, label: 'floor' }], note: '' }
    : { references: [], note: `The floor of the text, ${formatLoss(floor)}, is below the picture.` }
}
