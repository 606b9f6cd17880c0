import type { Candidate } from '@core/generate/records'
import styles from './CandidateBars.module.css'
import { formatPercent, visible } from './format'

export interface CandidateBarsProps {
  readonly candidates: readonly Candidate[]
  /** The token that came next. */
  readonly next: number
  readonly kind: 'dense' | 'moe'
}

/** Predictions for the next token, most probable first; the actual one is marked. */
export function CandidateBars({ candidates, next, kind }: CandidateBarsProps) {
  return (
    <ol className={styles.candidates} data-kind={kind}>
      {candidates.map(({ token, text, probability }) => (
        <li key={token} aria-current={token === next || undefined}>
          <code>{visible(text)}</code>
          <span className={styles.track}>
            <span style={{ width: `${100 * probability}%` }} />
          </span>
          <span className={styles.figure}>{formatPercent(probability)}</span>
        </li>
      ))}
    </ol>
  )
}
