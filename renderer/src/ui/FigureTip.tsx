import { Tooltip } from '@base-ui/react/tooltip'
import type { RefObject } from 'react'
import type { FigureProps, Provenance } from './Figure'
import styles from './Figure.module.css'

interface FigureTipProps extends Omit<FigureProps, 'children'> {
  /** The figure, beside which the tip stands. */
  readonly anchor: RefObject<HTMLButtonElement | null>
  readonly onClose: () => void
}

/** The tip of a figure, open. */
export default function FigureTip({ anchor, exact, definition, provenance, onClose }: FigureTipProps) {
  return (
    <Tooltip.Root open onOpenChange={(open) => !open && onClose()}>
      <Tooltip.Portal>
        <Tooltip.Positioner anchor={anchor} sideOffset={6} collisionPadding={8} className={styles.positioner}>
          <Tooltip.Popup className={styles.popup}>
            <strong>{exact}</strong>
            <span>{definition}</span>
            <em>{sources[provenance]}</em>
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}

const sources: Readonly<Record<Provenance, string>> = {
  'measured here': 'Measured here, on this machine, in this run',
  recorded: 'Recorded with this run, when and where it was made',
  shipped: 'Shipped with the model, from its training report',
  published: 'Published by others',
  counted: 'Counted from the published configuration',
  predicted: 'Predicted, not measured'
}
