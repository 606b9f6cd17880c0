import type { Proportion } from '@core/evaluate/proportions'
import { formatPercent } from './format'
import styles from './ShareIntervals.module.css'

export interface ShareRow extends Proportion {
  readonly id: string
  readonly label: string
  readonly kind: 'dense' | 'moe'
  /** For what is only there to be compared with. */
  readonly faint: boolean
}

export interface ShareIntervalsProps {
  readonly rows: readonly ShareRow[]
  /** Expected share of who guesses; undefined where it is not known. */
  readonly chance: number | undefined
}

/** Shares from 0 to 100 %, each with its interval, and that of chance as a line through all. */
export function ShareIntervals({ rows, chance }: ShareIntervalsProps) {
  const percent = (share: number) => `${100 * share}%`
  return (
    <div className={styles.chart}>
      {rows.map(({ id, label, kind, faint, share, low, high }) => (
        <div key={id} className={styles.row} data-kind={kind} data-faint={faint || undefined}>
          <span>{label}</span>
          <div className={styles.track} aria-hidden="true">
            <span className={styles.interval} style={{ left: percent(low), width: percent(high - low) }} />
            <span className={styles.share} style={{ left: percent(share) }} />
            {chance !== undefined && <span className={styles.chance} style={{ left: percent(chance) }} />}
          </div>
          <span>
            {formatPercent(share)} ({formatPercent(low)} to {formatPercent(high)})
          </span>
        </div>
      ))}
      {chance !== undefined && (
        <div className={styles.row}>
          <span>dashed: chance</span>
          <div className={styles.scale} aria-hidden="true">
            {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
              <small key={tick} style={{ left: percent(tick) }}>
                {100 * tick}&nbsp;%
              </small>
            ))}
          </div>
          <span>{formatPercent(chance)} by guessing</span>
        </div>
      )}
    </div>
  )
}
