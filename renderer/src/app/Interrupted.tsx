import { statusText, titleOf } from '../lab/run-words'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { Button } from '../ui/Button'
import styles from './Notices.module.css'

/** Runs that the last session left in their midst: they can go on. */
export default function Interrupted() {
  const app = useApp()
  const runs = useAppState((state) => state.runs)
  const offered = useAppState((state) => state.offered)
  const left = runs.filter(({ id, status }) => status === 'interrupted' && offered.includes(id))
  const [first, ...more] = left
  if (!first) return null
  const resume = async () => {
    for (const run of left) await app.lab.queue.add(run, run.id)
  }
  return (
    <aside className={styles.warning} aria-label="Interrupted">
      <p>
        {more.length === 0
          ? `${titleOf(first)} was ${statusText(first, undefined)}.`
          : `${left.length} runs were interrupted: ${left.map(titleOf).join(', ')}.`}
      </p>
      <Button onClick={() => attempt(app, resume)}>{more.length === 0 ? 'Resume' : 'Resume all'}</Button>
      <Button onClick={() => app.store.setState({ offered: [] })}>Dismiss</Button>
    </aside>
  )
}
