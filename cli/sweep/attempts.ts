/** A run that fails is tried again; what is known of its failures lies among its files. */
import { setTimeout as wait } from 'node:timers/promises'
import type { RunFiles } from '@core/lab/store'
import { logName } from '@core/lab/sweep/folder'
import { machineName } from '../terminal/native'
import type { Terminal } from '../terminal/terminal'
import type { SweepFolder } from './folder'
import type { Outcome, Slot, Task } from './slot'

/** A failed run is tried two times more. */
const mostAttempts = 3

/** Milliseconds before the next attempt, for what passes by itself, as with a folder of the network. */
const pause = 500

/** The path of a run's log. */
export function logPath({ pathOf }: Pick<SweepFolder, 'pathOf'>, id: string): string {
  return pathOf(`runs/${id}/${logName}`)
}

export interface Attempting {
  readonly signal: AbortSignal
  readonly terminal: Pick<Terminal, 'tell'>
  onProgress?(done: number, detail: string): void
  /** Milliseconds after which a full disk is tried again, 30,000 by default. */
  readonly pauseWithoutRoom?: number
}

/**
 * Computes a run, and once more when it fails, up to two times; as often as it takes while the disk is full, which is
 * told. Every failure is written to the run's log.
 */
export async function attemptRun(
  task: Task,
  slot: Pick<Slot, 'run'>,
  { runs, path }: Pick<SweepFolder, 'runs' | 'path'>,
  { signal, terminal, onProgress, pauseWithoutRoom = 30_000 }: Attempting
): Promise<Exclude<Outcome, { kind: 'no-room' }>> {
  const paused = (milliseconds: number) =>
    wait(milliseconds, undefined, { signal }).then(
      () => true,
      () => false
    )
  for (let attempt = 1; ; attempt++) {
    let outcome = await slot.run(task, onProgress)
    if (outcome.kind === 'no-room') terminal.tell(`${task.id} waits for room in ${path}: ${outcome.reason}\n`)
    while (outcome.kind === 'no-room') {
      if (!(await paused(pauseWithoutRoom))) return { kind: 'interrupted' }
      outcome = await slot.run(task, onProgress)
    }
    if (outcome.kind !== 'failed') return outcome
    const heading = `${new Date().toISOString()} attempt ${attempt} of ${mostAttempts} on ${machineName()}`
    await append(runs.files(task.id), `${heading}\n${outcome.reason}\n${outcome.log}\n\n`)
    if (attempt === mostAttempts) return outcome
    if (!(await paused(pause * attempt))) return { kind: 'interrupted' }
  }
}

/** A log that cannot be written does not hide the failure that it was to tell of. */
async function append(files: RunFiles, text: string): Promise<void> {
  try {
    const before = (await files.read(logName)) ?? new Uint8Array()
    await files.write(logName, new TextEncoder().encode(new TextDecoder().decode(before) + text))
  } catch {
    // The reason is told in any case.
  }
}
