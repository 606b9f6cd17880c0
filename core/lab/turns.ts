/** Runs that compute on the cores that there are: some have theirs alone, those of a group share them in turns. */
import type { Execution } from './queue'
import type { Needs } from './run'

export interface TurnsOptions {
  readonly cores: number
  /** Length of a turn of runs that share cores, by default 300. */
  readonly turnMilliseconds?: number
  readonly now: () => number
  /** True of a run that was paused, and takes no turns until it goes on. */
  readonly isOnHold: (id: string) => boolean
  /** Hears that a run computes, or stands still. */
  readonly onStatus: (id: string, status: 'running' | 'paused') => void
  /** Asks for the next decision, once a turn is over. */
  readonly onTurnOver: () => void
}

export interface Turn {
  readonly execution: Execution
  readonly needs: Needs
  /** Undefined for a run that has its cores for itself. */
  readonly group: string | undefined
}

export interface Turns {
  /** Number of runs, also of those that stand still. */
  readonly size: number
  /** The run of an id; undefined where it is none of these. */
  of(id: string): Turn | undefined
  /** True where a run can begin now, beside the others. */
  hasRoom(needs: { readonly cores: number }, shares: boolean): boolean
  /** Adds a run, whose turn begins. */
  begin(id: string, run: Turn): void
  end(id: string): void
  /** Has a run that measures a speed compute, alone. @returns false where there is none */
  measure(): boolean
  /** Gives the cores to those who have had them least, and to the next after a while. */
  take(): Promise<void>
  /** Resolves once all stand still. */
  standStill(): Promise<void>
  /** Has a run that stands still take one step. */
  step(id: string): Promise<void>
  /** Counts a run that goes on as one that has had as much as the others of its group. */
  catchUp(id: string): void
  /** Ends the wait for the next turn. */
  stopWaiting(): void
}

/** Long against the time that it takes to hand over a core, and short for who watches all runs go on together. */
const usualTurn = 300

interface Running extends Turn {
  /** Milliseconds of its turns so far: of a group, those come next that have had least. */
  served: number
  /** Time at which its turn began; undefined while it stands still. */
  since: number | undefined
}

export function createTurns(options: TurnsOptions): Turns {
  const { cores, turnMilliseconds = usualTurn, now, isOnHold, onStatus, onTurnOver } = options
  const running = new Map<string, Running>()
  let nextTurn: ReturnType<typeof setTimeout> | undefined

  const coresOf = ({ needs }: Running) => (needs === 'quiet' ? cores : needs.cores)
  const servedBy = ({ served, since }: Running) => served + (since === undefined ? 0 : now() - since)
  const isShared = () => [...running].some(([id, { group }]) => group !== undefined && !isOnHold(id))

  /** Cores of the runs that do not share them. */
  function usedAlone(): number {
    const alone = [...running.values()].filter(({ group }) => group === undefined)
    return alone.reduce((sum, each) => sum + coresOf(each), 0)
  }

  /** Ends the turn of a run. */
  async function rest(each: Running): Promise<void> {
    if (each.since === undefined) return
    await each.execution.pause()
    each.served = servedBy(each)
    each.since = undefined
  }

  /** Begins the turn of a run. */
  function goOn(each: Running): void {
    if (each.since !== undefined) return
    each.since = now()
    each.execution.resume()
  }

  /** Those that take turns with a run that begins or goes on have had as much, and need not wait until it has caught up. */
  function leastServed(group: string | undefined): number {
    const others = [...running].filter(([id, each]) => each.group === group && !isOnHold(id))
    return others.length > 0 ? Math.min(...others.map(([, each]) => servedBy(each))) : 0
  }

  return {
    get size() {
      return running.size
    },
    of: (id) => running.get(id),
    hasRoom: (needs, shares) => {
      const room = cores - usedAlone()
      // One core is left to those that take turns.
      return running.size === 0 || (shares ? room > 0 : needs.cores <= room - (isShared() ? 1 : 0))
    },
    begin: (id, run) => void running.set(id, { ...run, served: leastServed(run.group), since: now() }),
    end: (id) => void running.delete(id),
    measure: () => {
      const quiet = [...running].filter(([, { needs }]) => needs === 'quiet')
      for (const [id, each] of quiet) {
        goOn(each)
        onStatus(id, 'running')
      }
      return quiet.length > 0
    },
    take: async () => {
      const all = [...running]
      const sharing = all.filter(([id, { group }]) => group !== undefined && !isOnHold(id))
      let free = Math.max(1, cores - usedAlone())
      const turns = new Set(all.filter(([id, { group }]) => group === undefined && !isOnHold(id)).map(([id]) => id))
      for (const [id, each] of sharing.toSorted(([, a], [, b]) => servedBy(a) - servedBy(b))) {
        if (free <= 0) break
        turns.add(id)
        free -= coresOf(each)
      }
      await Promise.all(all.flatMap(([id, each]) => (turns.has(id) ? [] : [rest(each)])))
      for (const [id, each] of all) {
        if (!running.has(id)) continue
        if (turns.has(id)) goOn(each)
        onStatus(id, isOnHold(id) ? 'paused' : 'running')
      }
      if (sharing.some(([id]) => !turns.has(id))) nextTurn = setTimeout(onTurnOver, turnMilliseconds)
    },
    standStill: async () => {
      await Promise.all(
        [...running].map(async ([id, each]) => {
          await rest(each)
          if (running.has(id)) onStatus(id, 'paused')
        })
      )
    },
    step: async (id) => {
      const each = running.get(id)
      if (!each) return
      const begun = now()
      await each.execution.step()
      each.served += now() - begun
    },
    catchUp: (id) => {
      const each = running.get(id)
      if (each) each.served = Math.max(each.served, leastServed(each.group))
    },
    stopWaiting: () => clearTimeout(nextTurn)
  }
}
