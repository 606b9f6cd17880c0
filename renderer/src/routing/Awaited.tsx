import type { ReactNode } from 'react'
import { formatPercent } from '../charts/format'
import { useApp, useAppState } from '../state/app'
import { Button } from '../ui/Button'
import styles from './Awaited.module.css'
import type { Known } from './use-inspected'

/** Draws a statistic once it is known; until then its progress, or the reason for which it is unknown. */
export function Awaited<T>({ known, children }: { known: Known<T>; children: (value: T) => ReactNode }) {
  const { inspector } = useApp()
  const progress = useAppState(({ measured }) => measured?.progress)
  const failure = useAppState(({ measured }) => measured?.failure)
  if (known.status === 'known') return children(known.value)
  if (known.status === 'unavailable') return <p className={styles.reason}>Unknown: the trace {known.reason}.</p>
  if (progress === undefined) return <p className={styles.reason}>{failure ?? ' '}</p>
  return (
    <output className={styles.measuring}>
      <progress value={progress} max={1} aria-label="Measuring" />
      <span>{formatPercent(progress)} of the tokens</span>
      <Button onClick={() => void inspector.stop()}>Cancel</Button>
    </output>
  )
}
