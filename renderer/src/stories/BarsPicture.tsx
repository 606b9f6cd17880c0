import type { BarsRecord } from '@core/stories/records'
import { valueText } from './format'
import styles from './pictures.module.css'

/** Bars of which so many are told; those to come keep their places. */
export function BarsPicture({
  whole,
  told,
  pointer
}: {
  whole: BarsRecord
  told: number
  pointer: string | undefined
}) {
  const { rows, quantity, format } = whole
  const least = Math.min(0, ...rows.map(({ value, low = value }) => low))
  const most = Math.max(0, ...rows.map(({ value, high = value }) => high))
  const place = (value: number) => `${(100 * (value - least)) / (most - least || 1)}%`
  return (
    <div className={styles.bars}>
      <ul data-many={rows.length > 8 || undefined}>
        {rows.map(({ id, label, role, value, low, high }, i) => (
          <li
            key={id}
            data-untold={i >= told || undefined}
            data-faint={(pointer !== undefined && pointer !== id) || undefined}
          >
            <span>{label}</span>
            <div className={styles.track}>
              <div
                className={styles.bar}
                data-role={role}
                style={{ left: place(Math.min(0, value)), right: `calc(100% - ${place(Math.max(0, value))})` }}
              />
              {low !== undefined && high !== undefined && (
                <div className={styles.ends} style={{ left: place(low), right: `calc(100% - ${place(high)})` }} />
              )}
            </div>
            <b>{valueText(format, value)}</b>
          </li>
        ))}
      </ul>
      <p>{quantity}</p>
    </div>
  )
}
