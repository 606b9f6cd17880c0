/** This process computes one run after the other, as its parent gives them; see `slot.ts`. */
import { once } from 'node:events'
import { kindNamed } from '@core/lab/kind'
import { kinds } from '@core/lab/kinds'
import type { Backend } from '@core/runtime/backend'
import { createSessionPool } from '@core/runtime/session-pool'
import type { z } from 'zod'
import { codeOf, reasonOf } from '../../node/reason'
import { FailureError, UsageError } from '../terminal/errors'
import { nativeBackend } from '../terminal/native'
import { computeRecorded } from '../terminal/recorded-run'
import type { Terminal } from '../terminal/terminal'
import type { SweepFolder } from './folder'
import { type messageSchema, type Outcome, type Task, taskSchema } from './slot'

type Message = z.infer<typeof messageSchema>

/** Computes the runs that the parent of this process asks for, until the channel to it ends. */
export async function serveSlot(folder: SweepFolder, terminal: Terminal): Promise<void> {
  if (!process.send || !process.channel) throw new UsageError('--slot: expected a process that gives runs to this one')
  const signal = terminal.interruption()
  const backends = new Map<number, Backend>()
  const tell = (message: Message) => void (process.connected && process.send?.(message))
  let working = Promise.resolve()
  process.on('message', (message) => {
    working = working.then(async () => tell(await serve(taskSchema.parse(message))))
  })
  // Listening to an interruption has let go of it.
  process.channel.ref()

  async function serve(task: Task): Promise<Outcome> {
    const backend = backends.get(task.threads) ?? nativeBackend(task.threads, createSessionPool())
    backends.set(task.threads, backend)
    try {
      return await computeHeld(task, folder, { backend, signal, tell })
    } catch (error) {
      if (signal.aborted && error === signal.reason) return { kind: 'interrupted' }
      const reason = reasonOf(error)
      if (isFull(error)) return { kind: 'no-room', reason }
      return { kind: 'failed', reason, log: error instanceof Error ? (error.stack ?? reason) : reason }
    }
  }

  if (!signal.aborted) await once(signal, 'abort')
  await working
  if (process.connected) process.disconnect()
}

interface Computing {
  readonly backend: Backend
  readonly signal: AbortSignal
  readonly tell: (message: Message) => void
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

/** True of the error of a disk that is full, or of a user who has used up what is theirs, and of one that has it as its cause. */
function isFull(error: unknown): boolean {
  const code = codeOf(error)
  return (
    code === 'ENOSPC' ||
    code === 'EDQUOT' ||
    (error instanceof Error && error.cause !== undefined && isFull(error.cause))
  )
}

const millisecondsBetweenMessages = 200
