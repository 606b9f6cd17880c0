import { lazy, type ReactNode, Suspense } from 'react'
import styles from './Figure.module.css'

export type Provenance = 'measured here' | 'recorded' | 'shipped' | 'published' | 'counted' | 'predicted'

export interface FigureProps {
  readonly children: ReactNode
  /** Every digit, with its unit. */
  readonly exact: string
  /** Meaning of the figure. */
  readonly definition: string
  readonly provenance: Provenance
}

// Placing a tip takes 70 kB of script, for which no figure waits.
const FigureTip = lazy(() => import('./FigureTip'))

/** A number that tells its exact value, what it means and where it comes from. */
export function Figure(props: FigureProps) {
  const alone = (
    <button type="button" className={styles.figure} data-figure>
      {props.children}
    </button>
  )
  return (
    <Suspense fallback={alone}>
      <FigureTip {...props} />
    </Suspense>
  )
}
