import { sweepSize } from '@core/lab/sweep/points'
import { messageOf } from '@core/reason'
import { useMemo } from 'react'
import { formatExact } from '../charts/format'
import { runNames } from '../lab/names'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { Button } from '../ui/Button'
import field from '../ui/Field.module.css'
import { gridFields } from './choices'
import { gridSettings, sweepOf } from './make-sweep'
import { showPlanned } from './own-sweeps'
import styles from './SweepView.module.css'
import { useSweepChoices } from './use-sweep'

/** A sweep of the models that are chosen in the Lab. */
export function MakeSweep() {
  const app = useApp()
  const runs = useAppState(({ choices }) => choices.lab.runs)
  const [{ grid }, choose] = useSweepChoices()
  const names = useMemo(() => runNames(runs), [runs])
  const asked = useMemo(() => {
    try {
      return { sweep: sweepOf(runs, grid) }
    } catch (error) {
      return { problem: messageOf(error) }
    }
  }, [runs, grid])
  return (
    <section className={styles.way} aria-labelledby="make-here">
      <h2 id="make-here">Compute one here</h2>
      <p>
        The models of the Lab ({names.join('; ')}), each with every combination of these values. A sweep file of
        trainings (JSON or YAML) opens here too, or drop it on the window.
      </p>
      <div className={styles.fields}>
        {gridFields.map((name) => (
          <label key={name}>
            {gridSettings[name].label}
            <input
              className={field.field}
              value={grid[name] ?? ''}
              placeholder="as in the Lab"
              onChange={(event) => choose({ grid: { ...grid, [name]: event.currentTarget.value } })}
            />
          </label>
        ))}
      </div>
      <div className={styles.actions}>
        <Button
          disabled={asked.sweep === undefined}
          onClick={() => attempt(app, async () => asked.sweep && showPlanned(app, 'sweep of the Lab', asked.sweep))}
        >
          {asked.sweep ? `List its ${formatExact(sweepSize(asked.sweep))} runs` : 'List its runs'}
        </Button>
      </div>
      {asked.problem && <p className={styles.failed}>{asked.problem}</p>}
    </section>
  )
}
