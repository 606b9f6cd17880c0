import { formatLoss } from './format'
import styles from './LossBar.module.css'

export interface LossBarProps {
  readonly kind: 'dense' | 'moe'
  /** Nats per character. */
  readonly loss: number
  /** Entropy of the text itself, which no model can be below. */
  readonly floor: number
  /** The end of the scale. */
  readonly most: number
}

/** A loss from zero, with the floor marked: only what is beyond the floor is the model's own. */
export function LossBar({ kind, loss, floor, most }: LossBarProps) {
  const percent = (value: number) => `${(100 * value) / most}%`
  return (
    <div className={styles.bar} data-kind={kind} aria-hidden="true">
      <span className={styles.floor} style={{ width: percent(floor) }} />
      <span className={styles.excess} style={{ left: percent(floor), width: percent(Math.max(0, loss - floor)) }} />
      <span className={styles.mark} style={{ left: percent(floor) }}>
        <small>floor {formatLoss(floor)}</small>
      </span>
    </div>
  )
}
