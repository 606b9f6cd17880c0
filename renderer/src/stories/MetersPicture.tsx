import type { MetersRecord } from '@core/stories/records'
import { type ParameterMark, type ParameterRow, ParameterScale } from '../charts/ParameterScale'
import { valueText } from './format'
import styles from './pictures.module.css'
import { useBox } from './use-box'

/** Total, active and effective parameters on one scale. */
export function MetersPicture({ record: { rows } }: { record: MetersRecord }) {
  const [box, { width, height, scale }] = useBox()
  // Many rows are drawn smaller, so that each has its labels.
  const fit = Math.min(1, height / (leastRow * rows.length + axisRoom))
  const rowHeight = Math.min(110, (height / fit - axisRoom) / rows.length)
  return (
    <div ref={box} className={styles.box} data-middle="">
      <div className={styles.zoomed} style={{ zoom: scale * fit }}>
        <ParameterScale
          rows={rows.map(rowOf)}
          width={(width - 24) / fit}
          rowHeight={rowHeight}
          axis="parameters"
          tickText={(value) => valueText('count', value)}
        />
      </div>
    </div>
  )
}

/** Height of a row with a label above and one below its marks, and of the axis beneath all. */
const [leastRow, axisRoom] = [50, 60]

type Row = MetersRecord['rows'][number]

function rowOf(row: Row): ParameterRow {
  const { id, label, role, total, active } = row
  if (total === active)
    return {
      id,
      label,
      kind: role,
      marks: [mark('active', total, row.effective ? 'total, active and effective' : 'total and active', 'below')]
    }
  return {
    id,
    label,
    kind: role,
    marks: [
      mark('active', active, 'active', 'below'),
      ...effectiveMark(row),
      mark('total', total, 'total', row.effective ? 'below' : 'above')
    ]
  }
}

function effectiveMark({ effective }: Row): ParameterMark[] {
  if (!effective) return []
  const { estimate, low, high } = effective
  const words = 'effective'
  if (estimate !== null) {
    const ends = low !== null && high !== null ? { low, high } : {}
    return [{ ...mark('effective', estimate, words, 'above'), ...ends }]
  }
  if (low !== null && high === null) return [{ ...mark('effective', low, words, 'above', '> '), beyond: 'above' }]
  if (high !== null && low === null) return [{ ...mark('effective', high, words, 'above', '< '), beyond: 'below' }]
  return []
}

function mark(
  meter: ParameterMark['meter'],
  value: number,
  words: string,
  place: ParameterMark['place'],
  sign = ''
): ParameterMark {
  const label = (
    <>
      <b>
        {sign}
        {valueText('count', value)}
      </b>{' '}
      {words}
    </>
  )
  return { meter, value, place, label }
}
