import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react'
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

/** Time for which the pointer rests on a figure before its tip opens, in ms. */
const rest = 250

// Placing a tip takes 70 kB of script, for which no figure waits.
const FigureTip = lazy(() => import('./FigureTip'))

/** A number that tells its exact value, what it means and where it comes from, under the pointer or the focus. */
export function Figure({ children, ...told }: FigureProps) {
  const button = useRef<HTMLButtonElement>(null)
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [open, setOpen] = useState(false)
  const close = () => {
    clearTimeout(resting.current)
    setOpen(false)
  }
  useEffect(() => () => clearTimeout(resting.current), [])
  return (
    <>
      <button
        ref={button}
        type="button"
        className={styles.figure}
        data-figure
        onPointerEnter={() => {
          clearTimeout(resting.current)
          resting.current = setTimeout(() => setOpen(true), rest)
        }}
        onPointerLeave={close}
        onFocus={() => setOpen(true)}
        onBlur={close}
      >
        {children}
      </button>
      {open && (
        <Suspense>
          <FigureTip {...told} anchor={button} onClose={close} />
        </Suspense>
      )}
    </>
  )
}
