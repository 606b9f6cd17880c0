import { linesOf, placeLabels, spreadApart } from './labels'
import type { XYChartProps } from './XYChart'
import styles from './XYChart.module.css'
import type { Place } from './xy-places'
import type { Scale } from './xy-scale'

interface EndLabelsProps extends Pick<XYChartProps, 'series' | 'references'> {
  readonly at: number
  /** Pixels from there to the edge, at the usual text size. */
  readonly room: number
  readonly scale: Scale
  readonly apart: number
}

/** The names at the ends of series, in as many lines as they need, pushed apart where they would overlap. */
export function EndLabels({ series, references = [], at, room, scale, apart }: EndLabelsProps) {
  const ends = [
    ...series.flatMap(({ id, label, points, colour }) => {
      const last = points.at(-1)
      return last && label !== '' ? [{ id, lines: linesOf(label, room), colour, y: scale(last.y) }] : []
    }),
    ...references.map(({ label, y }) => ({ id: label, lines: linesOf(label, room), colour: undefined, y: scale(y) }))
  ]
  return spreadApart(ends, apart).map(({ id, lines, colour, y }) => (
    <text key={id} className={styles.name} x={at} y={y + 4} style={{ fill: colour }}>
      {lines.map((each, i) => (
        // A line of a label is known by its place in it.
        <tspan key={`${i} ${each}`} x={at} dy={i === 0 ? 0 : apart}>
          {i < lines.length - 1 ? `${each} ` : each}
        </tspan>
      ))}
    </text>
  ))
}

interface PointNamesProps {
  readonly series: XYChartProps['series']
  /** Of all points, those that are yet to be drawn among them. */
  readonly places: readonly Place[]
  readonly from: number
  readonly width: number
  readonly textScale: number
}

/** The names of points, where there is room. */
export function PointNames({ series, places, from, width, textScale }: PointNamesProps) {
  const named = places.filter(({ point }) => point.name !== undefined)
  if (named.length === 0) return null
  const labels = named.map(({ x, y, point }) => ({ x, y, text: point.name ?? '' }))
  const lines = series.flatMap(({ id, mark }) => (mark === 'line' ? [places.filter((each) => each.series === id)] : []))
  const drawn = new Set(series.flatMap(({ points }) => points.map(({ name }) => name)))
  const placed = placeLabels(labels, places, { lines, from, width, textScale })
  return placed
    .filter(({ text }) => drawn.has(text))
    .map(({ x, y, text, anchor }) => (
      <text key={`${text}-${x}`} x={x} y={y} textAnchor={anchor}>
        {text}
      </text>
    ))
}
