import { useTextScale } from '../app/use-appearance'
import { ParameterScale } from '../charts/ParameterScale'
import { useWidth } from '../charts/use-size'
import { useAppState } from '../state/app'
import { answerOf } from '../words/model-words'
import styles from './AnswerPanel.module.css'
import { meterRow } from './meters'
import { useChosenModels } from './use-models'

/** The answer, as large as it goes, beside the meters that it is read from. */
export function AnswerPanel() {
  const pair = useAppState(({ choices }) => choices.pair)
  const [left, right] = useChosenModels()
  const [ref, width] = useWidth()
  const textScale = useTextScale()
  const answer = left && right && answerOf(pair, left, right)
  return (
    <section className={styles.panel} aria-label="Answer">
      <div className={styles.answer}>
        <span>{answer?.before ?? 'Reading the measurements'}</span>
        <strong>{answer?.figure ?? '…'}</strong>
        <span>{answer?.after}</span>
        <p>{answer?.detail}</p>
      </div>
      <div ref={ref} className={styles.scale}>
        {left && right && (
          <ParameterScale
            textScale={textScale}
            width={width}
            rowHeight={54}
            rows={[meterRow(left, 'left'), meterRow(right, 'right')]}
          />
        )}
      </div>
    </section>
  )
}
