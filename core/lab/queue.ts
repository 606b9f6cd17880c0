/** The queue of runs: one place that decides what computes when, and that survives a restart. */

import { canonicalJson } from '../canonical-json'
import { reasonOf } from '../reason'
import type { AnyKind } from './kind'
import { kindNamed, specBy } from './kind'
import type { Needs, Run, RunRecord } from './run'
import { isUnderWay, runRecordSchema } from './run'
import { runId } from './run-id'
import type { NamedContent, RunStore } from './store'
import { recordName } from './store'
import { createTurns } from './turns'

/** The part of a kind that the queue needs. */
export type QueuedKind = Pick<AnyKind, 'kind' | 'spec' | 'stem' | 'needs'>

/** A run that computes somewhere: in this thread, in a worker, in another process. */
export interface Execution {
  /** Resolves when the result is whole; rejects when the run failed or was cancelled. */
  readonly ended: Promise<void>
  /** Resolves once the run stands still. */
  pause(): Promise<void>
  resume(): void
  /** Lets it take one step; resolves once it stands still again. */
  step(): Promise<void>
  cancel(): void
}

/** Begins to compute a run. `progress` says how far it is, from 0 to 1, and its present part. */
export type Execute = (run: RunRecord, progress: (done: number, detail: string) => void) => Execution

/** Differences from a run that waits until there are cores for it alone. */
export interface Manner {
  /** All runs of a group begin at once, and take turns of a fraction of a second on the cores that there are. */
  readonly group?: string
  /** Stands still before its first step, as one that was paused. */
  readonly onHold?: boolean
  /** Files that it reads; they are written beside its record before it begins. */
  readonly files?: readonly NamedContent[]
}

export interface RunQueue {
  /** Every run that is known, in the order in which they were asked for. Another array after every change. */
  readonly records: readonly RunRecord[]
  /** Calls back after every change. @returns ends the calls */
  subscribe(listener: () => void): () => void
  /**
   * Reads what the store holds: what was under way when its program died is `interrupted`. Opened again, it takes what
   * the store holds now; what is under way here stays, and what failed, as its results may have found no room there.
   */
  open(): Promise<void>
  /**
   * Asks for a run. One that is under way or finished already is not computed again; one that ended before its end
   * goes on.
   *
   * @param id of a run that has one already; by default made of what is asked for
   * @param how it computes
   * @throws {RunHeldError} while another window or process computes it
   * @throws {RangeError} for an unknown kind
   * @throws {FormatError} for a spec that is not of its kind
   */
  add(run: Run, id?: string, how?: Manner): Promise<RunRecord>
  /** Resolves with the record when the run is no longer under way. */
  ended(id: string): Promise<RunRecord>
  cancel(id: string): void
  /** Has a run stand still after its present step, until it is asked to go on. */
  pause(id: string): void
  /** Lets a run that was paused go on. */
  resume(id: string): void
  /** Lets a run that was paused take one step. Resolves once it stands still again. */
  step(id: string): Promise<void>
  /**
   * Forgets a run and removes what it saved; one that is under way is cancelled first.
   *
   * @throws {RunHeldError} while another window or process computes it
   */
  remove(id: string): Promise<void>
  /** Has everything stand still until the returned function is called, because a speed is measured. */
  quiet(): Promise<() => void>
}

/** A run that somebody else computes at this moment. */
export class RunHeldError extends Error {
  override readonly name = 'RunHeldError'
}

export interface QueueOptions {
  readonly kinds: readonly QueuedKind[]
  readonly store: RunStore
  readonly execute: Execute
  /** Cores that runs may use at the same time; a run that needs more runs alone. */
  readonly cores: number
  /** Length of a turn of runs that share cores, by default 300. */
  readonly turnMilliseconds?: number
  readonly now?: () => number
}

export function createQueue(options: QueueOptions): RunQueue {
  const { kinds, store, execute, cores, turnMilliseconds, now = Date.now } = options
  let records: readonly RunRecord[] = []
  const listeners = new Set<() => void>()
  /** Lets others have a run, by its id. */
  const holds = new Map<string, () => Promise<void>>()
  /** The last write of the record of each run. */
  const writes = new Map<string, Promise<void>>()
  const groups = new Map<string, string>()
  /** Runs that were paused. */
  const onHold = new Set<string>()
  /** Runs whose end is not in the store yet. */
  const settling = new Map<string, Promise<void>>()
  /** Number of those that measure a speed outside of the queue. */
  let measuring = 0
  let pumping: Promise<void> = Promise.resolve()
  let adding: Promise<unknown> = Promise.resolve()

  const turns = createTurns({
    cores,
    ...(turnMilliseconds === undefined ? {} : { turnMilliseconds }),
    now,
    isOnHold: (id) => onHold.has(id),
    onStatus: turnTo,
    onTurnOver: pump
  })

  const find = (id: string) => records.find((record) => record.id === id)
  const needsOf = ({ kind, spec }: Run): Needs => kindNamed(kinds, kind).needs(spec as never)

  function show(next: readonly RunRecord[]): void {
    records = next
    for (const listener of listeners) listener()
  }

  function change(id: string, changes: Partial<RunRecord>): void {
    show(records.map((record) => (record.id === id ? { ...record, ...changes } : record)))
  }

  /** Writes the record as it is now, or is about to be; one write of a run after the other, so that the last one stays. */
  function keep(id: string, changes: Partial<RunRecord> = {}): Promise<void> {
    const content = new TextEncoder().encode(JSON.stringify({ ...find(id), ...changes }))
    const written = (writes.get(id) ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => store.files(id).write(recordName, content))
    writes.set(id, written)
    return written
  }

  /** One decision after the other. */
  function pump(): void {
    pumping = pumping.then(schedule)
  }

  async function schedule(): Promise<void> {
    turns.stopWaiting()
    if (measuring > 0 || turns.measure()) return
    const waiting = records.filter(({ status }) => status === 'queued')
    const quiet = waiting.find((record) => needsOf(record) === 'quiet')
    if (quiet) {
      await turns.standStill()
      start(quiet, 'quiet')
      return
    }
    for (const record of waiting) {
      const needs = needsOf(record)
      if (needs === 'quiet') continue
      if (!turns.hasRoom(needs, groups.has(record.id))) break
      start(record, needs)
    }
    await turns.take()
  }

  function turnTo(id: string, status: RunRecord['status']): void {
    if (find(id)?.status !== status) change(id, { status })
  }

  function start(record: RunRecord, needs: Needs): void {
    const { id } = record
    change(id, { status: 'running', started: now() })
    const current = find(id) ?? record
    let keptAt = now()
    const execution = execute(current, (done, detail) => {
      if (turns.of(id)?.execution !== execution) return
      change(id, { done, detail })
      if (now() - keptAt < millisecondsBetweenRecords) return
      keptAt = now()
      // If this one finds no room, a later one or the end of the run says so.
      void keep(id).catch(() => undefined)
    })
    turns.begin(id, { execution, needs, group: groups.get(id) })
    settling.set(id, finish(id, execution))
  }

  async function finish(id: string, execution: Execution): Promise<void> {
    const outcome = await execution.ended.then(
      (): Partial<RunRecord> => ({ status: 'finished', done: 1, detail: '' }),
      (error: unknown): Partial<RunRecord> =>
        error instanceof Error && error.name === 'AbortError'
          ? { status: 'cancelled' }
          : { status: 'failed', failure: reasonOf(error) }
    )
    await settle(id, outcome)
    pump()
  }

  /** Ends a run in the store and in the list, and lets others have it. */
  async function settle(id: string, outcome: Partial<RunRecord>): Promise<void> {
    const release = holds.get(id)
    turns.end(id)
    holds.delete(id)
    groups.delete(id)
    onHold.delete(id)
    const end = { ...outcome, onHold: undefined, ended: now() }
    // Written before it is shown: whoever sees that a run has ended may close the app.
    // The list has what cannot be written; at the next start the run counts as interrupted, and can go on.
    // A failure of the run itself says more, as what to do about results that found no room.
    const failure = await keep(id, end).then(
      () => undefined,
      (error: unknown) => outcome.failure ?? `not kept: ${reasonOf(error)}`
    )
    change(id, { ...end, ...(failure === undefined ? {} : { failure }) })
    await release?.()
  }

  /** Lets a run that was paused take one step, after what is decided already. */
  async function stepAfter(decided: Promise<void>, id: string): Promise<void> {
    await decided
    if (measuring === 0 && onHold.has(id)) await turns.step(id)
  }

  /** Ends a run that waits for its turn. */
  function drop(id: string): void {
    settling.set(id, settle(id, { status: 'cancelled' }))
  }

  /** Holds a run that is not under way here. */
  async function hold(id: string): Promise<() => Promise<void>> {
    await settling.get(id)
    const held = await store.hold(id)
    if (held) return () => held.release()
    throw new RunHeldError(`${id} is being computed in another window or program: wait for it, or end it there`)
  }

  /** True while another window or program computes this run. */
  async function isHeld({ id, status }: RunRecord): Promise<boolean> {
    if (status !== 'interrupted') return false
    const held = await store.hold(id)
    await held?.release()
    return held === undefined
  }

  async function add(run: Run, given?: string, how: Manner = {}): Promise<RunRecord> {
    const kind = kindNamed(kinds, run.kind)
    const spec = specBy(kind, run.spec)
    const id = given ?? (await runId(kind.stem(spec as never), { kind: run.kind, spec }))
    const isWanted = (known: RunRecord | undefined): known is RunRecord => {
      if (known && canonicalJson(known.spec) !== canonicalJson(spec)) {
        throw new Error(`${id} is the id of another run already, whose hash begins alike: remove that one first`)
      }
      return known?.status === 'finished' || (known !== undefined && isUnderWay(known))
    }
    const listed = find(id)
    if (isWanted(listed)) return listed
    const release = await hold(id)
    // Read while it is held: another may have ended it just now.
    const known = (await readRecord(store, id)) ?? listed
    let isDone = true
    try {
      isDone = isWanted(known)
    } finally {
      if (isDone) await release()
    }
    if (known && isDone) {
      show([...records.filter((each) => each.id !== id), known])
      return known
    }
    holds.set(id, release)
    if (how.group !== undefined) groups.set(id, how.group)
    if (how.onHold) onHold.add(id)
    const record: RunRecord = {
      format: 'moescope.lab-run/1',
      id,
      kind: run.kind,
      spec,
      status: 'queued',
      created: known?.created ?? now(),
      done: known?.done ?? 0,
      detail: '',
      ...(how.onHold ? { onHold: true } : {})
    }
    show([...records.filter((each) => each.id !== id), record])
    try {
      await keep(id)
      for (const { name, content } of how.files ?? []) await store.files(id).write(name, content)
    } catch (error) {
      await settle(id, { status: 'failed', failure: reasonOf(error) })
      throw error
    }
    pump()
    return record
  }

  return {
    get records() {
      return records
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    open: async () => {
      // Only what was known before it reads may go: a run that ends meanwhile may be read too early to be there.
      const before = new Set(records.filter((run) => !isUnderWay(run) && run.status !== 'failed').map(({ id }) => id))
      const found = await Promise.all((await store.ids()).map((id) => readRecord(store, id)))
      const others: RunRecord[] = []
      for (const record of found) if (record && !(await isHeld(record))) others.push(record)
      const own = records.filter(({ id, status }) => !before.has(id) || isUnderWay({ status }))
      const isOwn = ({ id }: RunRecord) => own.some((each) => each.id === id)
      show([...others.filter((each) => !isOwn(each)), ...own].toSorted((a, b) => a.created - b.created))
    },
    add: (run, id, how) => {
      const added = adding.then(() => add(run, id, how))
      adding = added.catch(() => undefined)
      return added
    },
    ended: (id) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const record = find(id)
          if (record && isUnderWay(record)) return
          stop()
          if (record) resolve(record)
          else reject(new RangeError(`there is no run '${id}'`))
        }
        listeners.add(look)
        const stop = () => void listeners.delete(look)
        look()
      }),
    cancel: (id) => {
      const each = turns.of(id)
      if (each) each.execution.cancel()
      else if (find(id)?.status === 'queued') drop(id)
    },
    pause: (id) => {
      const record = find(id)
      if (!record || !isUnderWay(record)) return
      onHold.add(id)
      change(id, { onHold: true })
      pump()
    },
    resume: (id) => {
      if (!onHold.has(id)) return
      turns.catchUp(id)
      onHold.delete(id)
      change(id, { onHold: undefined })
      pump()
    },
    step: (id) => {
      pumping = stepAfter(pumping, id)
      return pumping
    },
    remove: async (id) => {
      const each = turns.of(id)
      if (each) each.execution.cancel()
      else if (holds.has(id)) drop(id)
      const release = await hold(id)
      show(records.filter((record) => record.id !== id))
      try {
        await store.remove(id)
      } finally {
        await release()
      }
    },
    quiet: async () => {
      measuring++
      await pumping
      await turns.standStill()
      let over = false
      return () => {
        if (over) return
        over = true
        measuring--
        pump()
      }
    }
  }
}

/** After a death, the progress that a record tells is at most this old. */
const millisecondsBetweenRecords = 2000

/** The record that a store keeps of a run; undefined where there is none that can be read. */
export async function readRecord(store: Pick<RunStore, 'files'>, id: string): Promise<RunRecord | undefined> {
  const bytes = await store.files(id).read(recordName)
  const read = bytes && runRecordSchema.safeParse(jsonOf(bytes))
  if (!read?.success) return undefined
  const record: RunRecord = read.data
  return isUnderWay(record) ? { ...record, status: 'interrupted' } : record
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
