import styles from './LayerStack.module.css'

/** A part of a layer's bar. */
export interface StackPart {
  readonly id: string
  readonly value: number
  /** Part of it, from 0 to 1, that is drawn strong; the rest is faint. */
  readonly strong: number
  readonly fill: string
  readonly opacity: number
  readonly title: string
}

/** Layers of one kind, or an end of the model. */
export interface StackRow {
  readonly id: string
  readonly name: string
  /** Beside the name: how often, how much of all. */
  readonly amount: string
  readonly parts: readonly StackPart[]
  /** Places of these layers among `of`; empty for what stands alone. */
  readonly places: readonly number[]
  readonly of: number
}

export interface LayerStackProps {
  readonly rows: readonly StackRow[]
  readonly width: number
  /** Height for all rows, in pixels; few rows are taller. */
  readonly height: number
  readonly textScale?: number
  readonly description: string
}

/** A model from input to output: a bar for one layer of each kind, and below it where such layers stand. */
export function LayerStack({ rows, width, height, textScale = 1, description }: LayerStackProps) {
  if (width < 160) return null
  const [text, strip, gap] = [20 * textScale, 5, 14]
  const bar = Math.max(12, Math.min(100, height / rows.length - text - strip - gap - 3))
  const rowHeight = text + bar + strip + gap + 3
  const most = Math.max(...rows.map(({ parts }) => sizeOf(parts)))
  return (
    <svg className={styles.stack} width={width} height={rows.length * rowHeight} role="img" aria-label={description}>
      {rows.map((row, i) => (
        <g key={row.id} transform={`translate(0,${i * rowHeight})`}>
          <text className={styles.name} y={text - 5}>
            {row.name}
          </text>
          <text x={width} y={text - 5} textAnchor="end">
            {row.amount}
          </text>
          <rect className={styles.ground} y={text} width={width} height={bar} />
          <Parts parts={row.parts} y={text} height={bar} perUnit={width / most} />
          <Places row={row} y={text + bar + 3} height={strip} width={width} />
        </g>
      ))}
    </svg>
  )
}

function Parts(props: { parts: readonly StackPart[]; y: number; height: number; perUnit: number }) {
  const { parts, y, height, perUnit } = props
  let x = 0
  return parts.map(({ id, value, strong, fill, opacity, title }) => {
    const left = x
    const width = value * perUnit
    x += width
    return (
      <g key={id}>
        <title>{title}</title>
        <rect x={left} y={y} width={width * strong} height={height} fill={fill} fillOpacity={opacity} />
        <rect
          x={left + width * strong}
          y={y}
          width={width * (1 - strong)}
          height={height}
          fill={fill}
          fillOpacity={opacity * 0.4}
        />
      </g>
    )
  })
}

function Places(props: { row: StackRow; y: number; height: number; width: number }) {
  const { row, y, height, width } = props
  if (row.of === 0) return null
  const cell = width / row.of
  const here = new Set(row.places)
  return Array.from({ length: row.of }, (_, place) => (
    <rect
      key={place}
      className={here.has(place) ? styles.here : styles.elsewhere}
      x={place * cell}
      y={y}
      width={Math.max(1, cell - 1)}
      height={height}
    />
  ))
}

function sizeOf(parts: readonly StackPart[]): number {
  return parts.reduce((sum, { value }) => sum + value, 0)
}
