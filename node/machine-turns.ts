/** Turns on this machine among processes of one user: many compute beside each other, or one alone measures a speed. */
import { randomUUID } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Hold, holderOf, holdFolder } from './hold'
import { codeOf } from './reason'

/** Computing beside others; it stands still whenever somebody measures. */
export interface SharedTurn {
  /** Resolves once nobody measures; what is computed from then on is paused meanwhile. */
  begin(): Promise<void>
  /** The computing that is paused; undefined once it has ended. */
  pauses(computing: Pausable | undefined): void
  /** Lets others measure, until it begins again. */
  leave(): Promise<void>
  end(): Promise<void>
}

export interface Pausable {
  /** Resolves once it stands still. */
  pause(): Promise<void>
  resume(): void
}

export interface MachineTurns {
  shared(): SharedTurn
  /** Resolves once all others stand still, and none begins before the release. Rejects with the signal's reason. */
  alone(signal: AbortSignal): Promise<Pick<Hold, 'release'>>
}

/** Milliseconds between two looks at who measures, and at who still computes. */
const pause = 200

/** @param root the folder that the processes of a machine have in common; by default one of this user */
export function machineTurns(root = join(tmpdir(), `moescope-turns-${userInfo().uid}`)): MachineTurns {
  const alone = join(root, 'alone')
  const beside = join(root, 'beside')
  const isMeasured = async () => (await holderOf(alone)) !== undefined

  async function computing(): Promise<boolean> {
    for (const name of await namesIn(beside)) if (await holderOf(join(beside, name))) return true
    return false
  }

  return {
    shared: () => {
      const own = join(beside, randomUUID())
      let held: Hold | undefined
      let present: Pausable | undefined
      let looking: Promise<void> | undefined
      let hasEnded = false
      const timer = setInterval(() => {
        if (held) looking ??= giveWay().finally(() => (looking = undefined))
      }, pause).unref()

      async function take(): Promise<void> {
        while (!(await hasTaken())) await wait(pause)
      }

      /** Who measures looks at who computes, and who computes at who measures: each after saying so of itself. */
      async function hasTaken(): Promise<boolean> {
        if (held || hasEnded) return true
        const hold = await holdFolder(own)
        if (hold && !(await isMeasured())) {
          held = hold
          return true
        }
        await hold?.release()
        return false
      }

      async function giveWay(): Promise<void> {
        if (!(await isMeasured())) return
        const paused = present
        await paused?.pause()
        await leave()
        if (!paused) return
        await take()
        paused.resume()
      }

      async function leave(): Promise<void> {
        const hold = held
        held = undefined
        await hold?.release()
        await rm(own, { recursive: true, force: true })
      }

      return {
        begin: async () => {
          await looking
          await take()
        },
        pauses: (each) => {
          present = each
        },
        leave: async () => {
          await looking
          await leave()
        },
        end: async () => {
          hasEnded = true
          clearInterval(timer)
          await looking
          await leave()
        }
      }
    },
    alone: async (signal) => {
      let hold = await holdFolder(alone)
      while (!hold) {
        await wait(pause, undefined, { signal })
        hold = await holdFolder(alone)
      }
      try {
        while (await computing()) await wait(pause, undefined, { signal })
      } catch (error) {
        await hold.release()
        throw signal.aborted ? signal.reason : error
      }
      return hold
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}
