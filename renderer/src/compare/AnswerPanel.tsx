import { useAppState } from '../state/app'
import styles from './AnswerPanel.module.css'
import { masksOfSides } from './exam'
import { PairAnswer } from './PairAnswer'
import { useChosenModels } from './use-models'

/** The answer, as large as it goes, beside the meters that it is read from. */
export function AnswerPanel() {
  const pair = useAppState(({ choices }) => choices.pair)
  const [left, right] = useChosenModels()
  const expertsOff = useAppState((state) => masksOfSides(state).some((masks) => masks.length > 0))
  return (
    <section className={styles.panel} aria-label="Answer">
      <PairAnswer
        pair={pair}
        left={left}
        right={right}
        expertsOff={expertsOff}
        rowHeight={54}
        answerClass={styles.answer}
        scaleClass={styles.scale}
      />
    </section>
  )
}
