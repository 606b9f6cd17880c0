import type { TextsRecord } from '@core/stories/records'
import styles from './pictures.module.css'

/** The texts of the models until a moment, and the experts of the last token. */
export function TextsPicture({ whole, record }: { whole: TextsRecord; record: TextsRecord }) {
  const layers = whole.models.flatMap(({ tokens }) => tokens[0]?.experts ?? [])
  const last = record.models.findLast(({ role }) => role === 'moe')?.tokens.at(-1)
  return (
    <div className={styles.texts}>
      {record.models.map(({ id, role, tokens }) => (
        <section key={id} data-role={role}>
          <h2>{id}</h2>
          <p className={styles.written}>
            <span className={styles.prompt}>{record.prompt}</span>
            {tokens.map(({ text, right }, i) => (
              // oxlint-disable-next-line react/no-array-index-key -- tokens are known by their place
              <span key={i} data-answer={right === undefined ? undefined : right ? 'right' : 'wrong'}>
                {text === '\n' ? '⏎\n' : text}
              </span>
            ))}
          </p>
        </section>
      ))}
      {layers.map((_, layer) => (
        // oxlint-disable-next-line react/no-array-index-key -- layers are known by their number
        <div key={layer} className={styles.cells}>
          <small>layer {layer}</small>
          {Array.from({ length: whole.experts }, (__, expert) => (
            <span key={expert} data-on={last?.experts[layer]?.includes(expert) || undefined}>
              {expert}
            </span>
          ))}
        </div>
      ))}
    </div>
  )
}
