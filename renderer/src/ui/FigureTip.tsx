import { Tooltip } from '@base-ui/react/tooltip'
import type { FigureProps, Provenance } from './Figure'
import styles from './Figure.module.css'

/** The figure as a button that opens its tip under the pointer or the focus. */
export default function FigureTip({ children, exact, definition, provenance }: FigureProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger className={styles.figure} delay={250} data-figure>
        {children}
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} collisionPadding={8} className={styles.positioner}>
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
