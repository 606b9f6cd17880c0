import type { XYChartProps } from './XYChart'
import styles from './XYChart.module.css'
import { nearest, nearestAlong, type Place } from './xy-places'

interface CrosshairProps extends Pick<XYChartProps, 'series' | 'x' | 'y' | 'width' | 'textScale'> {
  readonly places: readonly Place[]
  readonly at: Place
  readonly top: number
  readonly bottom: number
}

/** A line at one value of x, and what every series has nearest to it. */
export function Crosshair({ series, x, y, width, textScale = 1, places, at, top, bottom }: CrosshairProps) {
  const rows = series.flatMap(({ id, readAs, colour }) => {
    const own = places.filter((place) => place.series === id)
    const read = nearestAlong(own, at.x)
    // A series that has ended, or not begun, has nothing to read there.
    const [first, last] = [own[0]?.x ?? 0, own.at(-1)?.x ?? 0]
    if (readAs === undefined || !read || at.x < first - nearest || at.x > last + nearest) return []
    return [{ id, colour, place: read, text: `${readAs}  ${y.format(read.point.y)}` }]
  })
  const title = `${x.format(at.point.x)} ${x.label}`
  const size = Math.max(title.length, ...rows.map(({ text }) => text.length)) * 6.8 * textScale + 20
  const left = at.x + 12 + size < width ? at.x + 12 : Math.max(2, at.x - size - 12)
  const line = 17 * textScale
  return (
    <g className={styles.tip} data-export="no">
      <line className={styles.hair} x1={at.x} x2={at.x} y1={top} y2={bottom} />
      {rows.map(({ id, place }) => (
        <circle key={id} cx={place.x} cy={place.y} r={5} />
      ))}
      <g transform={`translate(${left},${top + 4})`}>
        <rect width={size} height={(rows.length + 1) * line + 8} rx={4} />
        <text x={10} y={line}>
          {title}
        </text>
        {rows.map(({ id, text }, i) => (
          <text key={id} x={10} y={(i + 2) * line}>
            {text}
          </text>
        ))}
      </g>
    </g>
  )
}

/** The whole truth about a point, beside it. */
export function Tip({ place, width, textScale }: { place: Place; width: number; textScale: number }) {
  const size = place.point.title.length * 6.6 * textScale + 16
  const left = Math.max(2, Math.min(place.x - size / 2, width - size - 2))
  const above = place.y > 44 * textScale
  return (
    <g className={styles.tip} data-export="no">
      <circle cx={place.x} cy={place.y} r={7} />
      <g transform={`translate(${left},${above ? place.y - 34 * textScale : place.y + 14})`}>
        <rect width={size} height={22 * textScale} rx={4} />
        <text x={8} y={15 * textScale}>
          {place.point.title}
        </text>
      </g>
    </g>
  )
}
