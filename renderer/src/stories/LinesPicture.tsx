import type { LinesRecord } from '@core/stories/records'
import { type XYAxis, XYChart } from '../charts/XYChart'
import { scaleOf } from '../charts/xy-scale'
import { valueText } from './format'
import styles from './pictures.module.css'
import { useBox } from './use-box'

/** Lines as far as they are told, on the axes of all of them. */
export function LinesPicture(props: { whole: LinesRecord; record: LinesRecord; pointer: string | undefined }) {
  const { whole, record, pointer } = props
  const [box, { width, height, scale }] = useBox()
  const points = whole.series.flatMap((each) => each.points)
  const xs = points.map(({ x }) => x)
  const all = new Map(whole.series.map(({ id, points }) => [id, points.map((point) => ({ ...point, title: '' }))]))
  const ys = [...points.flatMap(({ y, low = y, high = y }) => [low, y, high]), ...whole.references.map(({ y }) => y)]
  return (
    <div ref={box} className={styles.box}>
      <div className={styles.zoomed} style={{ zoom: scale }}>
        <XYChart
          series={record.series.map(({ id, label, role, mark, dashed, points: told }) => ({
            id,
            label,
            mark,
            dots: mark === 'points' || (all.get(id)?.length ?? 0) <= mostDots,
            look: dashed ? 'dashed' : pointer !== undefined && pointer !== id && !role ? 'faint' : 'plain',
            ...(role ? { colour: `var(--${role})` } : {}),
            whole: all.get(id) ?? [],
            points: told.map((point) => ({
              ...point,
              title: `${valueText(whole.x.format, point.x)}: ${valueText(whole.y.format, point.y)}`
            }))
          }))}
          x={axisOf(whole.x, xs)}
          y={axisOf(whole.y, ys)}
          references={whole.references}
          width={width}
          height={height}
          marked={pointer}
          labelRoom={Math.max(
            16,
            ...[...whole.series, ...whole.references].map(({ label }) => 8.5 * label.length + 16)
          )}
          description={`${whole.y.label} against ${whole.x.label}`}
        />
      </div>
    </div>
  )
}

/** Points of a line that are still told apart: a curve of a formula has more of them than measurements. */
const mostDots = 24

function axisOf({ label, scale, format }: LinesRecord['x'], values: readonly number[]): XYAxis {
  const axis: XYAxis = { label, scale, format: (value) => valueText(format, value) }
  const [from, to] = scaleOf(axis, values, [0, 1]).domain()
  return { ...axis, ...(from === undefined || to === undefined ? {} : { from, to }) }
}
