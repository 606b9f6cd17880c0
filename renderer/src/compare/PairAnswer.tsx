import { ParameterScale } from '../charts/ParameterScale'
import { useWidth } from '../charts/use-size'
import type { LibraryModel } from '../state/library'
import { useTextScale } from '../ui/use-appearance'
import { answerOf } from '../words/model-words'
import type { Pair } from './choices'
import { meterRow } from './meters'

export interface PairAnswerProps {
  readonly pair: Pair
  readonly left: LibraryModel | undefined
  readonly right: LibraryModel | undefined
  /** True while experts of a model are switched off: the figure is that of the whole models, and says so. */
  readonly expertsOff?: boolean
  /** Height of a model's row in the scale, at the usual text size. */
  readonly rowHeight: number
  /** Looks of the words, and of the scale that stands after them. */
  readonly answerClass: string | undefined
  readonly scaleClass?: string | undefined
}

/** One figure for two models from the shipped measurements, and the meters that it is read from. */
export function PairAnswer(props: PairAnswerProps) {
  const { pair, left, right, expertsOff = false, rowHeight, answerClass, scaleClass } = props
  const [ref, width] = useWidth()
  const textScale = useTextScale()
  const answer = left && right && answerOf(pair, left, right)
  return (
    <>
      <div className={answerClass}>
        <span>{answer?.before ?? 'Reading the measurements'}</span>
        <strong>{answer?.figure ?? '…'}</strong>
        <span>{answer?.after}</span>
        <p>
          {answer?.detail}
          {expertsOff && ' Measured with all experts on.'}
        </p>
      </div>
      <div ref={ref} className={scaleClass}>
        {left && right && (
          <ParameterScale
            textScale={textScale}
            width={width}
            rowHeight={rowHeight}
            rows={[meterRow(left, 'left'), meterRow(right, 'right')]}
          />
        )}
      </div>
    </>
  )
}
