/** This process computes one run after the other, as its parent gives them; see `slot.ts`. */
import { once } from 'node:events'
import { kindNamed, specBy } from '@core/lab/kind'
import { kinds } from '@core/lab/kinds'
import type { Backend } from '@core/runtime/backend'
import { createSessionPool } from '@core/runtime/session-pool'
import type { z } from 'zod'
import { type MachineTurns, machineTurns, type SharedTurn } from '../../node/machine-turns'
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
  const machine = machineTurns()
  const turn = machine.shared()
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
      return await computeHeld(task, folder, { backend, machine, turn, signal, tell })
    } catch (error) {
      if (signal.aborted && error === signal.reason) return { kind: 'interrupted' }
      const reason = reasonOf(error)
      if (isFull(error)) return { kind: 'no-room', reason }
      return { kind: 'failed', reason, log: error instanceof Error ? (error.stack ?? reason) : reason }
    }
  }

  if (!signal.aborted) await once(signal, 'abort')
  await working
  await turn.end()
  if (process.connected) process.disconnect()
}

interface Computing {
  readonly backend: Backend
  readonly machine: MachineTurns
  /** Of this process, beside others. */
  readonly turn: SharedTurn
  readonly signal: AbortSignal
  readonly tell: (message: Message) => void
}

/** Computes a run that nobody else computes; one that is whole is not computed again. */
async function computeHeld(task: Task, folder: SweepFolder, computing: Computing): Promise<Outcome> {
  const { kind, spec } = task
  const found = kindNamed(kinds, kind)
  const hold = await folder.runs.hold(task.id)
  if (!hold) return { kind: 'held' }
  try {
    if (await folder.finished(task.id)) return { kind: 'finished' }
    const isQuiet = found.needs(specBy(found, spec) as never) === 'quiet'
    await (isQuiet ? computeAlone : computeBeside)(task, folder, computing)
    return { kind: 'finished' }
  } finally {
    await hold.release()
  }
}

/** Computes while no run of another sweep does so on this machine: those stand still. */
async function computeAlone(task: Task, folder: SweepFolder, computing: Computing): Promise<void> {
  const { machine, turn, signal, tell } = computing
  await turn.leave()
  tell({ kind: 'progress', done: 0, detail: 'waits until this machine is quiet' })
  const quiet = await machine.alone(signal)
  try {
    await computeNow(task, folder, computing)
  } finally {
    await quiet.release()
  }
}

async function computeBeside(task: Task, folder: SweepFolder, computing: Computing): Promise<void> {
  const { turn } = computing
  await turn.begin()
  try {
    await computeNow(task, folder, computing, turn.pauses)
  } finally {
    turn.pauses(undefined)
  }
}

async function computeNow(
  { id, kind, spec }: Task,
  { runs, openModel }: SweepFolder,
  { backend, signal, tell }: Computing,
  onBegin?: SharedTurn['pauses']
): Promise<void> {
  let toldAt = 0
  const isWhole = await computeRecorded(
    { id, kind, spec },
    {
      backend,
      files: runs.files(id),
      openModel,
      signal,
      ...(onBegin ? { onBegin } : {}),
      onProgress: (done, detail) => {
        const now = performance.now()
        if (now - toldAt < millisecondsBetweenMessages) return
        toldAt = now
        tell({ kind: 'progress', done, detail })
      }
    }
  )
  if (!isWhole) throw new FailureError('the run was stopped')
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
