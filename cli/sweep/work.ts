/** Computing the runs of a list on this machine, beside others who may do so in the same folder. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Terminal } from '../terminal/terminal'
import { attemptRun } from './attempts'
import { createBackground } from './background'
import type { ListedRun, SweepFolder } from './folder'
import { createSlot, type Outcome } from './slot'

/** Milliseconds after which a run that somebody else computes is asked for again. */
const pause = 1000

export interface Work {
  readonly folder: SweepFolder
  /** Runs at the same time, each in a process of its own. */
  readonly slots: number
  readonly terminal: Pick<Terminal, 'program' | 'tell'>
  readonly signal: AbortSignal
  /** True to leave the runs that others compute to them, instead of waiting until they end. */
  readonly leavesHeld?: boolean
  onProgress?(run: ListedRun, done: number, detail: string): void
  /** Hears of every run that has ended here or elsewhere; the next one begins meanwhile. */
  onEnd(run: ListedRun, outcome: Extract<Outcome, { kind: 'finished' | 'failed' }>): Promise<void>
}

/**
 * Computes every run until it ends; runs that others compute meanwhile are waited for. Stops when the signal says so.
 *
 * @returns the runs that are left to others
 */
export async function workThrough(list: readonly ListedRun[], work: Work): Promise<readonly ListedRun[]> {
  const { folder, slots, terminal, signal, leavesHeld = false, onProgress, onEnd } = work
  const pending = list.values()
  const held: ListedRun[] = []
  const ending = createBackground()

  async function one(): Promise<void> {
    const slot = createSlot(terminal, folder.path, signal)
    try {
      while (!signal.aborted && !ending.hasFailed) {
        const run = pending.next().value ?? (await waited())
        if (!run) return
        const outcome = await attemptRun(run, slot, folder, {
          signal,
          terminal,
          onProgress: (done, detail) => onProgress?.(run, done, detail)
        })
        if (outcome.kind === 'held') held.push(run)
        else if (outcome.kind !== 'interrupted') ending.add(onEnd(run, outcome))
      }
    } finally {
      await slot.end()
    }
  }

  /** A run that was held, after a while. */
  async function waited(): Promise<ListedRun | undefined> {
    const run = leavesHeld ? undefined : held.shift()
    if (run) await wait(pause, undefined, { signal }).catch(() => undefined)
    return run
  }

  await Promise.all(Array.from({ length: Math.min(slots, list.length) }, one))
  await ending.ended()
  return held
}
