import type { ChartTable } from '../charts/export'
import { ParameterScale } from '../charts/ParameterScale'
import { useAppState } from '../state/app'
import type { LibraryModel } from '../state/library'
import { ExportButton } from '../ui/ExportButton'
import styles from './AnswerPanel.module.css'
import { masksOfSides } from './exam'
import { meterRow } from './meters'
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
      {left && right && (
        <div className={styles.export}>
          <ExportButton
            title="Total, active and effective parameters"
            fileName="parameters"
            table={() => tableOf([left, right])}
            legend="circle: active; square: total; diamond: effective parameters, bar: their 95 % interval; shipped with the models"
            colours={undefined}
          >
            {(frame) => (
              <ParameterScale
                {...frame}
                axis="parameters, logarithmic scale"
                rows={[meterRow(left, 'left'), meterRow(right, 'right')]}
              />
            )}
          </ExportButton>
        </div>
      )}
    </section>
  )
}

function tableOf(models: readonly LibraryModel[]): ChartTable {
  return {
    columns: [
      'model',
      'role',
      'total',
      'active_all',
      'active_no_input_embedding',
      'active_no_embedding',
      'effective',
      'effective_low',
      'effective_high'
    ],
    rows: models.map(({ id, role, total, active, worth }) => [
      id,
      role,
      total,
      active.all,
      active.no_input_embedding,
      active.no_embedding,
      ...effectiveOf(worth.total)
    ])
  }
}

/** Estimate and interval; null for what is not known. */
function effectiveOf({ effective }: LibraryModel['worth']['total']): (number | null)[] {
  switch (effective.kind) {
    case 'itself':
      return [effective.size, effective.size, effective.size]
    case 'interval':
      return [effective.estimate, effective.low, effective.high]
    case 'above':
      return [null, effective.bound, null]
    case 'below':
      return [null, null, effective.bound]
    case 'undetermined':
      return [null, effective.low ?? null, effective.high ?? null]
  }
}
