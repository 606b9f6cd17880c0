import { useState } from 'react'
import styles from './ExportButton.module.css'
import { PictureSheet, type PictureSheetProps } from './PictureSheet'

export interface ExportButtonProps extends Omit<PictureSheetProps, 'draw' | 'onClose'> {
  /** Draws the picture. */
  readonly children: PictureSheetProps['draw']
}

/** Opens the export of a chart: as picture (PNG, SVG), or its numbers (CSV). */
export function ExportButton({ children, ...props }: ExportButtonProps) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        className={styles.trigger}
        aria-label={`Export: ${props.title}`}
        aria-haspopup="dialog"
        title="Export as PNG, SVG or CSV"
        onClick={() => setOpen(true)}
      >
        <svg width="1rem" height="1rem" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M8 2v8m0 0L5 7m3 3 3-3M2.5 11v2.5h11V11" fill="none" stroke="currentColor" strokeWidth="1.4" />
        </svg>
      </button>
      {open && <PictureSheet {...props} draw={children} onClose={() => setOpen(false)} />}
    </>
  )
}
