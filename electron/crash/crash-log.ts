/** Log of failures, in a file of bounded size. It is written at once, because the process may be about to end. */
import { appendFileSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The log as one session writes it. */
export interface CrashLog {
  readonly path: string
  /** Adds an entry. Never throws: a disk that is full must not be a second crash. */
  note(where: string, message: string): void
  /** The last entries of a session, at most 8,000 characters of them; '' for none. */
  ofSession(session: string): string
}

const maxBytes = 256 * 1024
const maxPerEntry = 16_000
const maxOfSession = 8_000

/**
 * The file `crash.log` of a folder. Before it grows beyond its size it becomes `crash.old.log`, whose place it takes.
 *
 * @param session id that every entry carries
 */
export function createCrashLog(folder: string, session: string, most = maxBytes): CrashLog {
  const path = join(folder, 'crash.log')
  const old = join(folder, 'crash.old.log')
  return {
    path,
    note: (where, message) => {
      const entry = entryOf(session, where, message)
      try {
        if (sizeOf(path) + Buffer.byteLength(entry) > most) renameSync(path, old)
      } catch {
        // There is nothing to rename, or nothing can be written here at all, which the next line finds out.
      }
      try {
        appendFileSync(path, entry)
      } catch (error) {
        console.error(entry, error)
      }
    },
    ofSession: (wanted) => {
      const entries = `${read(old)}${read(path)}`.split(/^(?=\S)/m)
      return entries
        .filter((each) => each.split(' ', 2)[1] === wanted)
        .join('')
        .slice(-maxOfSession)
    }
  }
}

/** One line that says when, in which session and where, then the message, indented, so that no line of it looks so. */
function entryOf(session: string, where: string, message: string): string {
  const lines = message.slice(0, maxPerEntry).split(/\r?\n|\r/)
  return `${new Date().toISOString()} ${session} ${where.replaceAll(/\s+/g, ' ')}\n${lines.map((line) => `  ${line}\n`).join('')}`
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
