/** Removed runs are kept in memory only as long as undo can bring them back. */
import type { AppState, Chosen } from './app-state'

type Kept = Pick<AppState, 'history' | 'removed'>

/** The same without the runs that are removed in all that can be gone back or forward to. */
export function restorable({ history, removed }: Kept): Kept {
  const reachable = [...history.past, ...history.future]
  const lost = removed.filter((run) => reachable.every((chosen) => chosen.removed.includes(run)))
  if (lost.length === 0) return { history, removed }
  const without = <T extends Pick<Chosen, 'removed'>>(chosen: T): T => ({
    ...chosen,
    removed: chosen.removed.filter((run) => !lost.includes(run))
  })
  return {
    history: { ...history, past: history.past.map(without), future: history.future.map(without) },
    removed: without({ removed }).removed
  }
}
