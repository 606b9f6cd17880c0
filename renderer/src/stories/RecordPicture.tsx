import { recordAt } from '@core/stories/moment'
import type { FigureRecord, SourcesRecord, StoryRecord } from '@core/stories/records'
import { BarsPicture } from './BarsPicture'
import { valueText } from './format'
import { LinesPicture } from './LinesPicture'
import { LoadsPicture } from './LoadsPicture'
import { MetersPicture } from './MetersPicture'
import styles from './pictures.module.css'
import { TextsPicture } from './TextsPicture'

export interface PictureProps<Record extends StoryRecord = StoryRecord> {
  readonly record: Record
  /** Of its course, 0 to 1. */
  readonly moment: number
  /** The part of it that is stressed. */
  readonly pointer: string | undefined
}

/** A record at a moment: a function of both, of the theme and of the window's size. */
export function RecordPicture({ record, moment, pointer }: PictureProps) {
  switch (record.kind) {
    case 'figure':
      return <FigurePicture record={record} />
    case 'meters':
      return <MetersPicture record={record} />
    case 'texts':
      return <TextsPicture whole={record} record={recordAt(record, moment)} />
    case 'lines':
      return <LinesPicture whole={record} record={recordAt(record, moment)} pointer={pointer} />
    case 'bars':
      return <BarsPicture whole={record} told={recordAt(record, moment).rows.length} pointer={pointer} />
    case 'loads':
      return <LoadsPicture record={recordAt(record, moment)} pointer={pointer} />
    case 'sources':
      return <SourcesPicture record={record} />
  }
}

function FigurePicture({ record: { value, low, high, format, words, role } }: { record: FigureRecord }) {
  const text = valueText(format, value)
  return (
    <div className={styles.figure}>
      <strong data-role={role} style={{ fontSize: `min(11rem, ${wholeWidth / text.length}rem)` }}>
        {text}
      </strong>
      {low !== undefined && high !== undefined && (
        <p className={styles.interval}>
          {valueText(format, low)} to {valueText(format, high)} with 95 % confidence
        </p>
      )}
      <p>{words}</p>
    </div>
  )
}

/** Font size of a letter that fills the figure's place, in rem: digits are about 0.6 of it wide. */
const wholeWidth = 56

function SourcesPicture({ record: { items } }: { record: SourcesRecord }) {
  return (
    <dl className={styles.sources}>
      {items.map(({ what, from }) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd>{from}</dd>
        </div>
      ))}
    </dl>
  )
}
