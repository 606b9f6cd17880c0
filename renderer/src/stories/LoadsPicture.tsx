import type { LoadsRecord } from '@core/stories/records'
import { formatPercent } from '../charts/format'
import styles from './pictures.module.css'

/** The load of every expert, a row a layer, with a line where an even load would be. */
export function LoadsPicture({ record: { frames }, pointer }: { record: LoadsRecord; pointer: string | undefined }) {
  const [frame] = frames
  if (!frame) return null
  const { label, shares } = frame
  const most = Math.max(0.26, ...shares.flat())
  return (
    <div className={styles.loads}>
      <p className={styles.frame}>{label}</p>
      {shares.map((layer, l) => (
        // oxlint-disable-next-line react/no-array-index-key -- layers are known by their number
        <section key={l}>
          <h2>
            layer {l}: largest {formatPercent(Math.max(...layer))}, even {formatPercent(1 / layer.length)}
          </h2>
          <div className={styles.layer}>
            <ol className={styles.experts}>
              {layer.map((share, expert) => (
                <li
                  // oxlint-disable-next-line react/no-array-index-key -- experts are known by their number
                  key={expert}
                  data-pointed={pointer === `${l}:${expert}` || undefined}
                  data-faint={(pointer?.includes(':') && pointer !== `${l}:${expert}`) || undefined}
                  title={`layer ${l}, expert ${expert}: ${formatPercent(share)}`}
                >
                  <div>
                    <div className={styles.load} style={{ height: `${(100 * share) / most}%` }} />
                  </div>
                  <small>{expert}</small>
                </li>
              ))}
            </ol>
            <hr
              className={styles.even}
              style={{ bottom: `calc(1.25rem + (100% - 1.25rem) * ${1 / layer.length / most})` }}
            />
          </div>
        </section>
      ))}
    </div>
  )
}
