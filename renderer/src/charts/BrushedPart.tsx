import type { Brush } from './brush'
import styles from './XYChart.module.css'

interface BrushedPartProps {
  readonly part: Brush
  readonly from: number
  readonly to: number
  readonly top: number
  readonly bottom: number
}

/** The part of a chart that is drawn over, to be seen larger. */
export function BrushedPart({ part, from, to, top, bottom }: BrushedPartProps) {
  const [left, right] = [Math.max(from, Math.min(...part)), Math.min(to, Math.max(...part))]
  return (
    <rect
      className={styles.brush}
      x={left}
      width={Math.max(0, right - left)}
      y={top}
      height={bottom - top}
      data-export="no"
    />
  )
}
