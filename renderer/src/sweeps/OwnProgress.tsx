import { useEffect, useMemo, useState } from 'react'
import { formatDuration, formatExact } from '../charts/format'
import { formatPower } from '../charts/format-large'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { Button } from '../ui/Button'
import { expectedWork } from './expected'
import { playSweep, refreshOwn, stopSweep } from './own-sweeps'
import styles from './SweepView.module.css'
import type { OpenedSweep } from './state'

/** More runs, or more seconds, are asked for twice. */
const [manyRuns, manySeconds] = [100, 1800]

/** Progress of a sweep of the Lab: its cost, the runs that have ended, and the buttons that begin and end it. */
export function OwnProgress({ sweep }: { sweep: OpenedSweep }) {
  const app = useApp()
  const records = useAppState(({ runs }) => runs)
  const trainings = useAppState((state) => state.trainings)
  const isPlaying = useAppState(({ playing }) => playing !== undefined && playing === sweep.own?.id)
  const isOther = useAppState(({ playing }) => playing !== undefined && playing !== sweep.own?.id)
  const [isSure, setSure] = useState(false)
  useEffect(() => {
    attempt(app, () => refreshOwn(app, records))
  }, [app, records])
  const { runs, flops, seconds } = useMemo(
    () => expectedWork(sweep.runs, trainings, app.lab.cores),
    [sweep.runs, trainings, app.lab.cores]
  )
  if (runs === 0) return null
  const isBegun = sweep.runs.some(({ state }) => state.kind !== 'missing')
  const isLarge = runs > manyRuns || (seconds ?? 0) > manySeconds
  const time =
    seconds === null
      ? 'how long that takes is known once a training has run here'
      : `about ${formatDuration(seconds)} with ${app.lab.cores} at a time, by the trainings seen here`
  const done = sweep.runs.reduce(
    (sum, { state }) => sum + (state.kind === 'whole' ? 1 : state.kind === 'begun' ? state.done : 0),
    0
  )
  return (
    <div className={styles.progress}>
      <span>
        {formatExact(runs)} runs {isBegun ? 'are left' : 'are to be trained'}, {formatPower(flops)} training FLOPs;{' '}
        {time}.
      </span>
      {isBegun && <progress value={done} max={sweep.runs.length} aria-label="Runs that are whole" />}
      {isPlaying ? (
        <Button onClick={() => stopSweep(app)}>Stop</Button>
      ) : (
        <Button
          look="primary"
          disabled={isOther}
          onClick={() => (isLarge && !isSure ? setSure(true) : attempt(app, () => playSweep(app)))}
        >
          {isLarge && isSure
            ? `Yes, train ${formatExact(runs)} runs`
            : `${isBegun ? 'Go on with' : 'Train'} ${formatExact(runs)} runs`}
        </Button>
      )}
      {isOther && <span>Another sweep is being trained.</span>}
      {isLarge && isSure && !isPlaying && <span>That is much for one machine: are you sure?</span>}
    </div>
  )
}
