/** Notices in a browser that a visit did not end by itself, and keeps what was reported of it. */
import type { CrashReport, Host } from './host'

const prefix = 'moescope.session.'
const mostReports = 20

export function browserCrashes(versions: Host['versions']): Pick<Host, 'reportCrash' | 'lastCrash'> {
  const id = crypto.randomUUID()
  const key = prefix + id
  // The lock lives as long as the page does: who has a mark and no lock any more was ended from outside.
  void navigator.locks.request(key, () => new Promise(() => undefined))
  const begin = () => localStorage.setItem(key, '[]')
  attempt(begin)
  addEventListener('pagehide', () => attempt(() => localStorage.removeItem(key)))
  addEventListener('pageshow', ({ persisted }) => persisted && attempt(begin))
  return {
    reportCrash: async (report) =>
      attempt(() => localStorage.setItem(key, JSON.stringify([...reportsOf(key), report].slice(-mostReports)))),
    lastCrash: async () => {
      const { held = [] } = await navigator.locks.query()
      const alive = new Set(held.map(({ name }) => name))
      const ended = Object.keys(localStorage).filter(
        (each) => each.startsWith(prefix) && each !== key && !alive.has(each)
      )
      if (ended.length === 0) return null
      const reports = ended.flatMap(reportsOf)
      for (const each of ended) localStorage.removeItem(each)
      return reportText(reports, await versions())
    }
  }
}

/** A report for a person who is to find out what happened. */
function reportText(reports: readonly CrashReport[], versions: Readonly<Record<string, string>>): string {
  const lines = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const told = reports.map(({ where, message, stack }) => `${where}: ${message}${stack ? `\n${stack}` : ''}`)
  return [...lines, '', ...(told.length > 0 ? told : ['The page was ended from outside and reported nothing.'])].join(
    '\n'
  )
}

function reportsOf(key: string): CrashReport[] {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '[]') as CrashReport[]
  } catch {
    return []
  }
}

/** Storage may be full or forbidden, and a crash report is no reason for another crash. */
function attempt(write: () => void): void {
  try {
    write()
  } catch {
    return
  }
}
