import { useEffect, useState } from 'react'
import { formatExact } from '../charts/format'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { Button } from '../ui/Button'
import { forgetSweep, type KeptSweep, keptSweeps, openKept } from './own-sweeps'
import styles from './SweepView.module.css'

/** The sweeps that the Lab has begun, in this session and in earlier ones. */
export function KeptSweeps() {
  const app = useApp()
  const records = useAppState(({ runs }) => runs)
  const [kept, setKept] = useState<readonly KeptSweep[]>([])
  useEffect(() => {
    attempt(app, async () => setKept(await keptSweeps(app)))
  }, [app])
  if (kept.length === 0) return null
  const whole = new Set(records.filter(({ status }) => status === 'finished').map(({ id }) => id))
  return (
    <section className={styles.way} aria-labelledby="kept-sweeps">
      <h2 id="kept-sweeps">Computed here</h2>
      <ul className={styles.kept}>
        {kept.map((sweep) => (
          <li key={sweep.id}>
            <Button onClick={() => attempt(app, () => openKept(app, sweep))}>{sweep.name}</Button>
            <span>
              {formatExact(sweep.list.filter(({ id }) => whole.has(id)).length)} of {formatExact(sweep.list.length)}{' '}
              runs are whole
            </span>
            <Button
              look="quiet"
              aria-label={`Take ${sweep.name} off this list`}
              title="Its runs stay"
              onClick={() =>
                attempt(app, async () => {
                  await forgetSweep(app, sweep.id)
                  setKept(kept.filter(({ id }) => id !== sweep.id))
                })
              }
            >
              Take off
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
