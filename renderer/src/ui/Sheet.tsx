import { Dialog } from '@base-ui/react/dialog'
import type { ReactNode, RefObject } from 'react'
import { Button } from './Button'
import styles from './Sheet.module.css'

export interface SheetProps {
  readonly title: string
  readonly open: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  /** Left of the Close button. */
  readonly foot?: ReactNode
  /** Default: Close. */
  readonly closeLabel?: string
  /** In rem; 40 by default. */
  readonly width?: number
  /** Has the focus when it opens; by default its first control. */
  readonly focused?: RefObject<HTMLElement | null>
}

/** A dialog over the view, with a title and a way out. */
export function Sheet({ title, open, onClose, children, foot, closeLabel = 'Close', width = 40, focused }: SheetProps) {
  return (
    <Dialog.Root open={open} onOpenChange={(stays) => !stays && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup
          initialFocus={focused}
          className={styles.sheet}
          style={{ ['--sheet-width' as string]: `${width}rem` }}
        >
          <Dialog.Title className={styles.title}>{title}</Dialog.Title>
          <div>{children}</div>
          <div className={styles.foot}>
            {foot}
            <Dialog.Close render={<Button>{closeLabel}</Button>} />
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
