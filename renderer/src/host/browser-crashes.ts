/**
 * Keeps in a browser what went wrong in a page, for its next start if it did not end by itself. How a page ended cannot
 * be told otherwise: what it writes at its very end may be lost with a browser that is closed.
 */
import { z } from 'zod'
import type { Host } from './host'

const prefix = 'moescope.session.'
const maxReports = 20

const reportsSchema = z.array(z.object({ where: z.string(), message: z.string(), stack: z.string().optional() }))

type Reports = z.infer<typeof reportsSchema>

export function browserCrashes(versions: Host['versions']): Pick<Host, 'reportCrash' | 'lastCrash'> {
  const key = prefix + crypto.randomUUID()
  // The lock lives as long as the page does: who left reports and has no lock any more did not take them away.
  void navigator.locks.request(key, () => new Promise(() => undefined))
  addEventListener('pagehide', () => attempt(() => localStorage.removeItem(key)))
  return {
    reportCrash: async (report) =>
      attempt(() => localStorage.setItem(key, JSON.stringify([...reportsOf(key), report].slice(-maxReports)))),
    lastCrash: async () => {
      const { held = [] } = await navigator.locks.query()
      const alive = new Set(held.map(({ name }) => name))
      const ended = Object.keys(localStorage).filter((each) => each.startsWith(prefix) && !alive.has(each))
      const reports = ended.flatMap(reportsOf)
      for (const each of ended) localStorage.removeItem(each)
      return reports.length > 0 ? reportText(reports, await versions()) : null
    }
  }
}

/** A report for a person who is to find out what happened. */
function reportText(reports: Reports, versions: Readonly<Record<string, string>>): string {
  const lines = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const entries = reports.map(({ where, message, stack }) => `${where}: ${message}${stack ? `\n${stack}` : ''}`)
  return [...lines, '', ...entries].join('\n')
}

/** Reports of a page; empty where they cannot be read. */
function reportsOf(key: string): Reports {
  try {
    return reportsSchema.parse(JSON.parse(localStorage.getItem(key) ?? '[]'))
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
