/** A run that fails is tried again; what is known of its failures lies among its files. */
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { RunFiles } from '@core/lab/store'
import { machineName } from '../terminal/native'
import type { SweepFolder } from './folder'
import type { Outcome, Slot, Task } from './slot'

/** A failed run is tried two times more. */
const mostAttempts = 3

/** Milliseconds before the next attempt, for what passes by itself: a full disk, a folder of the network. */
const pause = 500

export const logName = 'log.txt'

/** The path of a run's log. */
export function logPath({ path }: Pick<SweepFolder, 'path'>, id: string): string {
  return join(path, 'runs', id, logName)
}

/** Computes a run, and once more when it fails, up to two times. Every failure is written to the run's log. */
export async function attemptRun(
  task: Task,
  slot: Slot,
  { runs }: Pick<SweepFolder, 'runs'>,
  { signal, onProgress }: { readonly signal: AbortSignal; onProgress?(done: number, detail: string): void }
): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await slot.run(task, onProgress)
    if (outcome.kind !== 'failed') return outcome
    const heading = `${new Date().toISOString()} attempt ${attempt} of ${mostAttempts} on ${machineName()}`
    await append(runs.files(task.id), `${heading}\n${outcome.reason}\n${outcome.log}\n\n`)
    if (attempt === mostAttempts) return outcome
    try {
      await wait(pause * attempt, undefined, { signal })
    } catch {
      return { kind: 'interrupted' }
    }
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
