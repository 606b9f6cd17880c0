/** The speed of runs, from the progress that they told. */
import type { RunRecord } from '@core/lab/run'
import type { LabState, Pace } from './state'

type Paces = LabState['paces']

/** The paces after the runs have changed. */
export function nextPaces(before: Paces, runs: readonly RunRecord[], at: number): Paces {
  const running = runs.filter(({ status, done }) => status === 'running' && done > 0)
  return Object.fromEntries(
    running.map(({ id, done }): [string, Pace] => {
      const known = before[id]
      const point = { done, at }
      if (!known) return [id, { first: point, last: point }]
      return [id, known.last.done === done ? known : { ...known, last: point }]
    })
  )
}

/** Seconds that a run will still take, if it goes on as it did; undefined before that can be told. */
export function secondsLeft(pace: Pace | undefined): number | undefined {
  if (!pace) return undefined
  const { first, last } = pace
  const [done, taken] = [last.done - first.done, last.at - first.at]
  if (done <= 0 || taken < 500) return undefined
  return ((taken / done) * (1 - last.done)) / 1000
}
