import { placeLabels, spreadApart } from './labels'
import type { XYChartProps } from './XYChart'
import styles from './XYChart.module.css'
import type { Place } from './xy-places'
import type { Scale } from './xy-scale'

interface EndLabelsProps extends Pick<XYChartProps, 'series' | 'references'> {
  readonly at: number
  readonly scale: Scale
  readonly apart: number
}

/** The names at the ends of series, pushed apart where they would overlap. */
export function EndLabels({ series, references = [], at, scale, apart }: EndLabelsProps) {
  const ends = [
    ...series.flatMap(({ id, label, points, colour }) => {
      const last = points.at(-1)
      return last && label !== '' ? [{ id, label, colour, y: scale(last.y) }] : []
    }),
    ...references.map(({ label, y }) => ({ id: label, label, colour: undefined, y: scale(y) }))
  ]
  return spreadApart(ends, apart).map(({ id, label, colour, y }) => (
    <text key={id} className={styles.name} x={at} y={y + 4} style={{ fill: colour }}>
      {label}
    </text>
  ))
}

interface PointNamesProps {
  readonly places: readonly Place[]
  readonly from: number
  readonly width: number
  readonly textScale: number
}

/** The names of points, where there is room. */
export function PointNames({ places, from, width, textScale }: PointNamesProps) {
  const named = places.filter(({ point }) => point.name !== undefined)
  const labels = named.map(({ x, y, point }) => ({ x, y, text: point.name ?? '' }))
  return placeLabels(labels, places, { from, width, textScale }).map(({ x, y, text, anchor }) => (
    <text key={`${text}-${x}`} x={x} y={y} textAnchor={anchor}>
      {text}
    </text>
  ))
}
