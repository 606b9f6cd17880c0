/** Processes that compute one run after the other (`serve-slot.ts`), as the process sees them that has begun them. */
import { z } from 'zod'
import { hear, startChild } from '../terminal/children'
import type { Terminal } from '../terminal/terminal'
import type { ListedRun } from './folder'

/** A run to be computed. */
export type Task = Pick<ListedRun, 'id' | 'kind' | 'spec' | 'threads'>

/** A run as it is sent to whoever computes it. */
export const taskSchema = z.object({
  id: z.string(),
  kind: z.string(),
  spec: z.unknown(),
  threads: z.int().positive()
})

/**
 * - `finished`: its result is whole
 * - `held`: somebody else computes it
 * - `interrupted`: it was stopped, and goes on from what it saved
 * - `failed`: for this reason; `log` is all that is known of it
 * - `no-room`: the disk of the folder is full; it goes on from what it saved
 */
export type Outcome =
  | { readonly kind: 'finished' }
  | { readonly kind: 'held' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'failed'; readonly reason: string; readonly log: string }
  | { readonly kind: 'no-room'; readonly reason: string }

/** Messages of such a process about the run that it was given. */
export const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), done: z.number(), detail: z.string() }),
  z.object({ kind: z.literal('finished') }),
  z.object({ kind: z.literal('held') }),
  z.object({ kind: z.literal('interrupted') }),
  z.object({ kind: z.literal('failed'), reason: z.string(), log: z.string() }),
  z.object({ kind: z.literal('no-room'), reason: z.string() })
])

export interface Slot {
  /** Computes a run, one at a time. An error of the process is a failure of the run, and another process begins with the next. */
  run(task: Task, onProgress?: (done: number, detail: string) => void): Promise<Outcome>
  /** Ends the process, and resolves once it is gone; a run that it computes is interrupted. */
  end(): Promise<void>
}

/** A process of this program that computes runs of a folder; it begins with its first run, and is interrupted by a signal. */
export function createSlot(terminal: Pick<Terminal, 'program'>, folder: string, signal: AbortSignal): Slot {
  let begun: ReturnType<typeof begin> | undefined

  function begin() {
    const child = startChild(terminal, ['worker', '--store', folder, '--slot'], 'pipe')
    const errors: string[] = []
    const exited = Promise.all([
      new Promise<string>((resolve) => {
        child.once('error', (error) => resolve(error.message))
        child.once('exit', (status, name) => resolve(name ? `ended by ${name}` : `ended with status ${status}`))
      }),
      hear(child.stderr, (line) => errors.push(line)),
      hear(child.stdout, (line) => errors.push(line))
    ]).then(([how]) => {
      begun = undefined
      return how
    })
    const interrupt = () => child.connected && child.disconnect()
    signal.addEventListener('abort', interrupt)
    void exited.then(() => signal.removeEventListener('abort', interrupt))
    return { child, errors, exited, interrupt }
  }

  return {
    run: async ({ id, kind, spec, threads }, onProgress) => {
      if (signal.aborted) return { kind: 'interrupted' }
      begun ??= begin()
      const { child, errors, exited } = begun
      errors.length = 0
      const answered = new Promise<Outcome>((resolve) => {
        const listen = (message: unknown) => {
          const told = messageSchema.parse(message)
          if (told.kind === 'progress') return onProgress?.(told.done, told.detail)
          child.off('message', listen)
          resolve(told)
        }
        child.on('message', listen)
        // A process that has just died takes no message, and its end is heard of.
        child.send({ id, kind, spec, threads } satisfies Task, () => undefined)
      })
      const died = exited.then((how): Outcome => {
        if (signal.aborted) return { kind: 'interrupted' }
        return { kind: 'failed', reason: `its process was ${how}`, log: errors.join('\n') }
      })
      return Promise.race([answered, died])
    },
    end: async () => {
      if (!begun) return
      const { interrupt, exited } = begun
      interrupt()
      await exited
    }
  }
}
