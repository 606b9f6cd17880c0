import type { Turn } from '../give-way'
import { giveWay } from '../give-way'
import type { Backend } from '../runtime/backend'
import { measureInTurns } from './measure'
import type { SpeedKind } from './shapes'
import { decodeTask, speedShapes } from './shapes'

/** Measured decode speed of one untrained model. */
export interface SpeedPoint {
  readonly width: number
  readonly kind: SpeedKind
  /** Active by the convention `all`. */
  readonly parameters: { readonly total: number; readonly active: number }
  readonly tokensPerSecond: { readonly median: number; readonly low: number; readonly high: number }
}

export interface SpeedAgainstSizeOptions {
  /** Widths to measure, in the order given. */
  readonly widths: readonly number[]
  /** Of every MoE; default 16 and 2. */
  readonly experts?: number
  readonly topK?: number
  /** For each width, in milliseconds. */
  readonly milliseconds?: number
  /** Awaited before each repeat of each model. */
  readonly turn?: Turn
  readonly onPoint?: (point: SpeedPoint) => void
}

/**
 * Decode speed of an MoE beside dense models of equal active and of equal total size, from small to large, with
 * untrained weights: it shows from what size on sparsity pays on this machine. The three of one width take turns.
 */
export async function measureSpeedAgainstSize(
  backend: Backend,
  { widths, experts = 16, topK = 2, milliseconds = 1500, turn = giveWay, onPoint }: SpeedAgainstSizeOptions
): Promise<SpeedPoint[]> {
  const points: SpeedPoint[] = []
  for (const width of widths) {
    const tasks = []
    for (const [kind, architecture] of Object.entries(speedShapes({ width, experts, topK }))) {
      await turn()
      tasks.push(await decodeTask(backend, kind, architecture))
    }
    try {
      const timings = await measureInTurns(tasks, { milliseconds, turn })
      for (const [i, { median, low, high }] of timings.entries()) {
        const { total, active } = tasks[i]?.parameters ?? { total: 0, active: { all: 0 } }
        const point = {
          width,
          kind: tasks[i]?.name as SpeedKind,
          parameters: { total, active: active.all },
          tokensPerSecond: { median: 1000 / median, low: 1000 / high, high: 1000 / low }
        }
        points.push(point)
        onPoint?.(point)
      }
    } finally {
      await Promise.all(tasks.map((task) => task.session.release()))
    }
  }
  return points
}
