import { scaleLog } from 'd3'
import { Fragment, type ReactNode } from 'react'
import { formatCount } from './format'
import styles from './ParameterScale.module.css'

/** One of the three meters. */
export interface ParameterMark {
  /** Circle: active. Square: total. Diamond: effective. */
  readonly meter: 'active' | 'total' | 'effective'
  readonly value: number
  /** Ends of the interval, where there is one. */
  readonly low?: number
  readonly high?: number
  /** Only the interval is known; `value` is where its label goes. */
  readonly noPoint?: true
  /** The true value lies beyond this one, which is the end of what was measured. */
  readonly beyond?: 'above' | 'below'
  /** The figure with its words, drawn beside the mark. */
  readonly label: ReactNode
  readonly place: 'above' | 'below' | 'right'
}

export interface ParameterRow {
  readonly id: string
  readonly kind: 'dense' | 'moe'
  readonly label: string
  readonly marks: readonly ParameterMark[]
}

export interface ParameterScaleProps {
  readonly rows: readonly ParameterRow[]
  readonly width: number
  /** At the usual text size. */
  readonly rowHeight?: number
  /** Text size over the usual one: room for labels grows with it. */
  readonly textScale?: number
  /** Title of the axis, for pictures that stand alone. */
  readonly axis?: string
  /** A size as the axis names it; `formatCount` by default. */
  readonly tickText?: (value: number) => string
}

const half = 6.5
/** Room of a tick's label with a gap. */
const tickWidth = 64
/** A label nearer to the end than this is written to the left of its mark. */
const longestLabel = { above: 190, below: 120, right: 290 } as const

/** In a scale of less than this width, as in a column of a paper, the names stand above the rows. */
const narrow = 360
/** Height of a name above its row, and the longest label to the right of a mark there. */
const above = { name: 24, right: 215 } as const

/** Parameters of some models on one logarithmic scale, so that they can be compared by eye. */
export function ParameterScale(props: ParameterScaleProps) {
  const { rows, width, rowHeight: usualHeight = 62, textScale = 1, axis, tickText = formatCount } = props
  const isNarrow = width < narrow * textScale
  const nameHeight = isNarrow ? above.name * textScale : 0
  const [tickHeight, labelWidth] = [22 * textScale, isNarrow ? 0 : 130 * textScale]
  const rowHeight = usualHeight * textScale + nameHeight
  const longest = isNarrow ? { ...longestLabel, right: above.right } : longestLabel
  const middleOf = (index: number) => index * rowHeight + (nameHeight + rowHeight) / 2
  const axisHeight = axis === undefined ? tickHeight : 2 * tickHeight
  const values = rows.flatMap(({ marks }) =>
    marks.flatMap(({ value, low = value, high = value }) => [low, value, high])
  )
  if (values.length === 0 || width < labelWidth + 100) return null
  const x = scaleLog([Math.min(...values) / 1.35, Math.max(...values) * 1.75], [labelWidth, width])
  const height = rows.length * rowHeight + axisHeight
  const decade = Math.abs(x(10) - x(1))
  const ticks = ticksWithin(x.domain(), (tickWidth * textScale) / decade)
  return (
    <div className={styles.scale} style={{ height }}>
      <svg width={width} height={height} aria-hidden="true">
        {ticks.map((tick) => (
          <g key={tick} transform={`translate(${x(tick)},0)`}>
            <line y2={height - axisHeight} className={styles.grid} />
            <text y={height - axisHeight + tickHeight - 6} textAnchor="middle">
              {tickText(tick)}
            </text>
          </g>
        ))}
        {axis !== undefined && (
          <text x={(labelWidth + width) / 2} y={height - 6} textAnchor="middle">
            {axis}
          </text>
        )}
        {rows.map(({ id, kind, marks }, index) => (
          <g key={id} data-kind={kind} className={styles.row} transform={`translate(0,${middleOf(index)})`}>
            <Span marks={marks} x={x} />
            {marks
              .filter(({ noPoint }) => !noPoint)
              .map((mark) => (
                <Meter key={mark.meter} mark={mark} x={x(mark.value)} />
              ))}
          </g>
        ))}
      </svg>
      {rows.map(({ id, kind, label, marks }, index) => (
        <Fragment key={id}>
          <span
            className={styles.rowLabel}
            data-kind={kind}
            style={{ top: isNarrow ? index * rowHeight + nameHeight / 2 : middleOf(index), width: labelWidth || width }}
          >
            {label}
          </span>
          {marks.map((mark) => (
            <span
              key={mark.meter}
              className={styles.label}
              data-place={mark.place}
              data-end={x(mark.value) > width - longest[mark.place] * textScale || undefined}
              style={{ left: x(mark.value), top: middleOf(index) }}
            >
              {mark.label}
            </span>
          ))}
        </Fragment>
      ))}
    </div>
  )
}

/** A line from active to total parameters, and the interval of the effective ones. */
function Span({ marks, x }: { marks: readonly ParameterMark[]; x: (value: number) => number }) {
  const places = marks.filter(({ noPoint }) => !noPoint).map(({ value }) => x(value))
  const effective = marks.find(({ meter }) => meter === 'effective')
  return (
    <>
      <line className={styles.span} x1={Math.min(...places)} x2={Math.max(...places)} />
      {effective?.low !== undefined && effective.high !== undefined && (
        <line className={styles.interval} x1={x(effective.low)} x2={x(effective.high)} />
      )}
    </>
  )
}

function Meter({ mark: { meter, beyond }, x }: { mark: ParameterMark; x: number }) {
  if (beyond) {
    const direction = beyond === 'above' ? 1 : -1
    return <path className={styles.open} d={`M${x},-7 l${8 * direction},7 l${-8 * direction},7`} />
  }
  if (meter === 'active') return <circle className={styles.mark} cx={x} r={half} />
  const turned = meter === 'effective' ? `rotate(45 ${x} 0) ` : ''
  return (
    <rect
      className={styles.mark}
      x={x - half}
      y={-half}
      width={2 * half}
      height={2 * half}
      rx={1}
      transform={turned || undefined}
    />
  )
}

/** Ticks at 1, 2 and 5, where the labels have no room at each 10 or 1000. @param room of a label, in decades */
function ticksWithin([low = 1, high = 1]: readonly number[], room: number): number[] {
  const factors = room < Math.log10(2) ? [1, 2, 5] : [1]
  const step = room < 1 ? 10 : 1000
  const first = step ** Math.floor(Math.log(low) / Math.log(step) + 1e-9)
  const ticks: number[] = []
  for (let power = first; power <= high; power *= step) {
    ticks.push(...factors.map((factor) => factor * power).filter((tick) => tick >= low && tick <= high))
  }
  return ticks
}
