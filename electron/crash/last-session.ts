import { reasonOf } from '../../node/reason'
import type { CrashLog } from './crash-log'
import { markSession, reportOf, type Session } from './session-marker'

/** Report of the session before this one, and the end of this one. */
export interface LastSession {
  /** The report of the last session when it was cut off; null from the second call on. */
  take(): string | null
  /** This session ends as it should. */
  end(): void
}

/** Marks that this session runs; when that cannot be written it is only noted. */
export function createLastSession(folder: string, session: Session, log: CrashLog): LastSession {
  try {
    const { cutOff, end } = markSession(folder, session)
    let reported = cutOff === null
    return {
      take: () => {
        if (reported || cutOff === null) return null
        reported = true
        return reportOf(cutOff, cutOff ? log.ofSession(cutOff.id) : '')
      },
      end
    }
  } catch (error) {
    log.note('session', reasonOf(error))
    return { take: () => null, end: () => undefined }
  }
}
