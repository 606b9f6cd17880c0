import styles from './Bars.module.css'

export interface Bar {
  readonly name: string
  readonly value: number
  /** The whole truth about it. */
  readonly title: string
  readonly colour?: string
  /** True of the row that is asked about. */
  readonly strong?: boolean
  readonly onSelect?: () => void
}

export interface BarsProps {
  readonly rows: readonly Bar[]
  /** The value that takes the whole width. */
  readonly most: number
  /** A value to mark in all rows, such as that of random routing, and its name. */
  readonly reference?: number | undefined
  readonly referenceName?: string
  /** Of the values, with its unit. */
  readonly quantity: string
  readonly format: (value: number) => string
  readonly width: number
  readonly textScale?: number
  /** True when the names are text of a model. */
  readonly mono?: boolean
  /** Room for names and values, at the usual text size. */
  readonly nameRoom?: number
  readonly valueRoom?: number
}

const usual = { row: 22, names: 92, values: 52, foot: 20 }

/** Horizontal bars with names and values, and a line for what is to be expected. */
export function Bars(props: BarsProps) {
  const { rows, most, reference, referenceName, quantity, format, width, textScale = 1, mono = false } = props
  const { nameRoom = usual.names, valueRoom = usual.values } = props
  if (width < 160) return null
  const [row, names, values] = [usual.row * textScale, nameRoom * textScale, valueRoom * textScale]
  const room = Math.max(10, width - names - values)
  const place = (value: number) => (Math.min(value, most) / most) * room
  const foot = usual.foot * textScale
  const height = rows.length * row + (reference === undefined ? foot : 2 * foot)
  return (
    <svg
      className={styles.bars}
      width={width}
      height={height}
      role="img"
      aria-label={rows.map(({ title }) => title).join('; ')}
    >
      {rows.map(({ name, value, title, colour, strong, onSelect }, i) => (
        <g key={`${name} ${i}`} data-strong={strong || undefined} transform={`translate(0,${i * row})`}>
          <title>{title}</title>
          <text x={names - 8} y={row / 2 + 4} textAnchor="end" className={mono ? styles.mono : undefined}>
            {name}
          </text>
          <rect
            x={names}
            y={3}
            width={Math.max(1, place(value))}
            height={row - 6}
            rx={2}
            style={{ fill: colour }}
            className={styles.bar}
          />
          <text x={names + place(value) + 6} y={row / 2 + 4} className={styles.value}>
            {format(value)}
          </text>
          {onSelect && <rect className={styles.surface} width={width} height={row} onPointerDown={onSelect} />}
        </g>
      ))}
      {reference !== undefined && (
        <g transform={`translate(${names + place(reference)},0)`}>
          <line className={styles.reference} y2={rows.length * row + 4} />
          <text y={height - foot - 3} textAnchor="middle">
            {referenceName} {format(reference)}
          </text>
        </g>
      )}
      <text x={names} y={height - 4} className={styles.quantity}>
        {quantity}
      </text>
    </svg>
  )
}
