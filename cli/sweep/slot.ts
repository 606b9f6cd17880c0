/** A process that computes one run after the other, and the messages between it and the process that has begun it. */
import { once } from 'node:events'
import { kindNamed } from '@core/lab/kind'
import { kinds } from '@core/lab/kinds'
import type { Backend } from '@core/runtime/backend'
import { z } from 'zod'
import { hear, startChild } from '../terminal/children'
import { FailureError, UsageError } from '../terminal/errors'
import { nativeBackend } from '../terminal/native'
import { computeRecorded } from '../terminal/recorded-run'
import type { Terminal } from '../terminal/terminal'
import type { ListedRun, SweepFolder } from './folder'

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
 */
export type Outcome =
  | { readonly kind: 'finished' }
  | { readonly kind: 'held' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'failed'; readonly reason: string; readonly log: string }

const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), done: z.number(), detail: z.string() }),
  z.object({ kind: z.literal('finished') }),
  z.object({ kind: z.literal('held') }),
  z.object({ kind: z.literal('interrupted') }),
  z.object({ kind: z.literal('failed'), reason: z.string(), log: z.string() })
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

/** Computes the runs that the parent of this process asks for, until the channel to it ends. */
export async function serveSlot(folder: SweepFolder, terminal: Terminal): Promise<void> {
  if (!process.send || !process.channel) throw new UsageError('--slot: expected a process that gives runs to this one')
  const signal = terminal.interruption()
  const backends = new Map<number, Backend>()
  const tell = (message: z.infer<typeof messageSchema>) => void (process.connected && process.send?.(message))
  let working = Promise.resolve()
  process.on('message', (message) => {
    working = working.then(async () => tell(await serve(taskSchema.parse(message))))
  })
  // Listening to an interruption has let go of it.
  process.channel.ref()

  async function serve(task: Task): Promise<Outcome> {
    const backend = backends.get(task.threads) ?? nativeBackend(task.threads)
    backends.set(task.threads, backend)
    try {
      return await computeHeld(task, folder, { backend, signal, tell })
    } catch (error) {
      if (signal.aborted && error === signal.reason) return { kind: 'interrupted' }
      const log = error instanceof Error ? (error.stack ?? error.message) : String(error)
      return { kind: 'failed', reason: error instanceof Error ? error.message : String(error), log }
    }
  }

  if (!signal.aborted) await once(signal, 'abort')
  await working
  if (process.connected) process.disconnect()
}

interface Computing {
  readonly backend: Backend
  readonly signal: AbortSignal
  readonly tell: (message: z.infer<typeof messageSchema>) => void
}

/** Computes a run that nobody else computes; one that is whole is not computed again. */
async function computeHeld(
  { id, kind, spec }: Task,
  { runs, openModel, finished }: SweepFolder,
  { backend, signal, tell }: Computing
): Promise<Outcome> {
  kindNamed(kinds, kind)
  const hold = await runs.hold(id)
  if (!hold) return { kind: 'held' }
  try {
    if (await finished(id)) return { kind: 'finished' }
    let toldAt = 0
    const isWhole = await computeRecorded(
      { id, kind, spec },
      {
        backend,
        files: runs.files(id),
        openModel,
        signal,
        onProgress: (done, detail) => {
          const now = performance.now()
          if (now - toldAt < millisecondsBetweenMessages) return
          toldAt = now
          tell({ kind: 'progress', done, detail })
        }
      }
    )
    if (!isWhole) throw new FailureError('the run was stopped')
    return { kind: 'finished' }
  } finally {
    await hold.release()
  }
}

const millisecondsBetweenMessages = 200
