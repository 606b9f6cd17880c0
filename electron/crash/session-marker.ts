/** A file that is there while the app runs: one that is found at the start tells that the last session was cut off. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jsonBy } from '@core/formats/json'
import { z } from 'zod'
import { codeOf } from '../../node/reason'

const schema = z.object({ id: z.string(), started: z.string(), versions: z.record(z.string(), z.string()) })

/** One run of the app: its id in the crash log, when it started (ISO 8601), and what ran. */
export type Session = z.infer<typeof schema>

/** The mark of this session, and the one that was found. */
export interface SessionMarker {
  /** The session that did not end by itself; null when the last one did; undefined when nothing is known of it. */
  readonly cutOff: Session | null | undefined
  /** The session ends as it should. */
  end(): void
}

/** Marks that a session runs in a folder. Throws when it cannot be written. */
export function markSession(folder: string, session: Session): SessionMarker {
  const path = join(folder, 'session.json')
  const cutOff = read(path)
  writeFileSync(path, JSON.stringify(session))
  return { cutOff, end: () => rmSync(path, { force: true }) }
}

/** Report of a session that was cut off: its versions, and its entries in the log, '' for none. */
export function reportOf(session: Session | undefined, logged: string): string {
  if (!session) return 'The last session did not end by itself; its record is damaged.'
  const { app = '?', ...versions } = session.versions
  const parts = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const end = logged === '' ? 'Nothing was logged: it was ended from outside, or the computer was.' : logged.trimEnd()
  return `Moescope ${app} (${parts.join(', ')}), started ${session.started}, did not end by itself.\n${end}`
}

function read(path: string): Session | null | undefined {
  try {
    return jsonBy(schema, readFileSync(path), path)
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? null : undefined
  }
}
