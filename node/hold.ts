/** Holding a folder, so that no other process computes in it. */
import { randomUUID } from 'node:crypto'
import { rmdirSync, rmSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, rmdir, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { processStart } from './process-start'
import { codeOf } from './reason'
import { WriteError } from './write-error'

/** In the folder that is held: a folder with one file that says who holds it. */
export const lockName = 'lab-run.lock'

const holderSchema = z.object({
  pid: z.int(),
  host: z.string(),
  /** Beginning of the process, as its system tells it; null where it does not. */
  start: z.string().nullable(),
  /** Time at which it took hold, ms since 1970. */
  since: z.number(),
  /** Milliseconds between its signs of life, which are the changes of this file; absent, it gives none. */
  beat: z.number().positive().optional()
})

/** The process that holds a folder. */
export type Holder = Readonly<z.infer<typeof holderSchema>>

export interface Hold {
  /** True where the folder was made for this hold: nothing that others have left can lie in it. */
  readonly isNew: boolean
  release(): Promise<void>
}

/** A holder on another machine is dead when so many of its signs of life in a row have not come. */
const missedBeats = 4

/** Files of the holds of this process. */
const own = new Set<string>()

/** The beginning of this process, which is asked for once. */
let ownStart: Promise<string | undefined> | undefined

process.on('exit', () => {
  for (const file of own) {
    try {
      rmSync(file)
      rmdirSync(dirname(file))
    } catch {
      // The folder has been taken away, and nobody is left to be told.
    }
  }
})

/**
 * Holds a folder, which is made when there is none; undefined while another process holds it, or this one. The hold of a
 * process that has died is taken over; one on another machine counts as dead once its signs of life have ceased.
 *
 * The file of a hold is named by chance, so that whoever finds one stale cannot remove another by mistake; and a folder
 * is renamed only to where there is none, or an empty one, so that of several who take over one succeeds.
 *
 * @param beat milliseconds between signs of life for other machines, whose clocks are to agree within as much
 * @throws {WriteError} when the folder cannot be written
 */
export async function holdFolder(folder: string, beat?: number): Promise<Hold | undefined> {
  const lock = join(folder, lockName)
  const prepared = `${lock}.${randomUUID()}`
  const name = randomUUID()
  try {
    const firstMade = await mkdir(prepared, { recursive: true })
    const isNew = firstMade !== undefined && basename(firstMade) !== basename(prepared)
    ownStart ??= processStart(process.pid)
    const start = (await ownStart) ?? null
    const holder: Holder = { pid: process.pid, host: hostname(), start, since: Date.now(), ...(beat ? { beat } : {}) }
    const file = join(lock, name)
    own.add(file)
    // Not flushed: a machine that loses power holds nothing any more.
    await writeFile(join(prepared, name), JSON.stringify(holder))
    await rename(prepared, lock).catch(async () => {
      await removeStale(lock)
      await rename(prepared, lock)
    })
    if (!isNew) await removeAbandoned(folder)
    const live = beat && setInterval(() => void giveSign(file), beat).unref()
    return {
      isNew,
      release: async () => {
        if (live) clearInterval(live)
        own.delete(file)
        await rm(file, { force: true })
        await removeEmpty(lock)
      }
    }
  } catch (error) {
    own.delete(join(lock, name))
    await rm(prepared, { recursive: true, force: true }).catch(() => undefined)
    if (['EEXIST', 'ENOTEMPTY', 'EPERM'].includes(codeOf(error) ?? '') && (await namesIn(lock)).length > 0) {
      return undefined
    }
    throw codeOf(error) === undefined ? error : new WriteError(join(folder, lockName), error)
  }
}

/** The holder of a folder; undefined when nobody who still lives holds it. */
export async function holderOf(folder: string): Promise<Holder | undefined> {
  return livingHolder(join(folder, lockName))
}

/** A sentence that names the holder of a folder, since when it holds it, and what to do. */
export async function heldText(folder: string): Promise<string> {
  const holder = await holderOf(folder)
  if (!holder) return `${folder} was held by another process until this moment: try again`
  const where = holder.host === hostname() ? '' : ` on ${holder.host}`
  const since = new Date(holder.since).toISOString().replace('T', ' ').slice(0, 19)
  const dead = where && `; if it is there no more, remove ${join(folder, lockName)}`
  return `${folder} is in use by process ${holder.pid}${where} since ${since} UTC: wait for it or end it${dead}`
}

async function livingHolder(lock: string): Promise<Holder | undefined> {
  for (const name of await namesIn(lock)) {
    const holder = await readHolder(join(lock, name))
    if (holder && (await isAlive(holder, join(lock, name)))) return holder
  }
  return undefined
}

async function removeStale(lock: string): Promise<void> {
  for (const name of await namesIn(lock)) {
    const holder = await readHolder(join(lock, name))
    if (!holder || !(await isAlive(holder, join(lock, name)))) await rm(join(lock, name), { force: true })
  }
  await removeEmpty(lock)
}

/** Left by those who were killed before they held anything. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of (await namesIn(folder)).filter((each) => each.startsWith(`${lockName}.`))) {
    const prepared = join(folder, name)
    // One that is empty may be about to be filled.
    const isAbandoned = (await namesIn(prepared)).length > 0 && !(await livingHolder(prepared))
    if (isAbandoned) await rm(prepared, { recursive: true, force: true })
  }
}

/** Removes a folder where there is one and it is empty. */
async function removeEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder)
  } catch (error) {
    // It is gone, or in use.
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST', 'EPERM'].includes(codeOf(error) ?? '')) throw error
  }
}

/** A sign that cannot be given is like one that comes late: the next one follows. */
async function giveSign(file: string): Promise<void> {
  const now = new Date()
  await utimes(file, now, now).catch(() => undefined)
}

/** True of a holder that may still be at work: another machine cannot be asked, and only its signs of life be missed. */
async function isAlive({ pid, host, start, beat }: Holder, file: string): Promise<boolean> {
  if (host !== hostname()) {
    if (beat === undefined) return true
    const sign = await stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0
    )
    return Date.now() - sign < missedBeats * beat
  }
  // A number is given anew when its process is gone.
  if (start !== null && (await processStart(pid)) !== start) return false
  // Preparations lie elsewhere than the place that is going to be held.
  if (pid === process.pid) return own.has(file) || dirname(file).includes(`${lockName}.`)
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const parsed = holderSchema.safeParse(valueOf(text))
  return parsed.success ? parsed.data : undefined
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return []
    throw error
  }
}
