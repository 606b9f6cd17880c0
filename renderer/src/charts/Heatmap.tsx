import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import type { Theme } from './expert-colour'
import styles from './Heatmap.module.css'
import { type RatioScale, ratioScale } from './scales'

export interface HeatmapProps {
  /** Names of rows and columns; those that do not fit are left out. */
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  readonly rowTitle: string
  readonly columnTitle: string
  /** Value of a cell over what is even or random; NaN where there is none. */
  readonly ratio: (row: number, column: number) => number
  /** Name of a ratio of 1, for the legend: `its even share`. */
  readonly unit: string
  readonly theme: Theme
  /** The whole truth about a cell. */
  readonly title: (row: number, column: number) => string
  readonly width: number
  /** Height of a row; by default what makes the cells square, between 4 and 28. */
  readonly rowHeight?: number
  readonly textScale?: number
  readonly description: string
  /** Without a row, the whole column; without a column, the whole row. */
  readonly selected?: { readonly row?: number; readonly column?: number } | undefined
  readonly onSelect?: (row: number, column: number) => void
}

const usualMargin = { top: 22, right: 4, bottom: 54 }

/** A matrix of coloured cells on a canvas, with names, a pointer and a choice over it. */
export function Heatmap(props: HeatmapProps) {
  const { rows, columns, width, textScale = 1, theme, selected, onSelect, ratio, title } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  const [pointed, setPointed] = useState<{ row: number; column: number }>()
  const margin = {
    left: (Math.max(...[props.rowTitle, ...rows].map(({ length }) => length)) * letter + 14) * textScale,
    top: usualMargin.top * textScale,
    right: usualMargin.right,
    bottom: usualMargin.bottom * textScale
  }
  const cell = Math.max(0, width - margin.left - margin.right) / Math.max(1, columns.length)
  const rowHeight = props.rowHeight ?? Math.max(4, Math.min(28, cell))
  const [innerWidth, innerHeight] = [cell * columns.length, rowHeight * rows.length]
  const height = innerHeight + margin.top + margin.bottom
  const scale = ratioScale(
    theme,
    rows.flatMap((_, row) => columns.map((__, column) => ratio(row, column)))
  )
  const colour = (row: number, column: number) => scale.colour(ratio(row, column))
  useEffect(() => {
    if (canvas.current) draw(canvas.current, { rows: rows.length, columns: columns.length, cell, rowHeight, colour })
  })
  if (width < 200 || columns.length === 0) return null
  const at = (event: PointerEvent<SVGRectElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect()
    const column = Math.min(columns.length - 1, Math.max(0, Math.floor((event.clientX - left) / cell)))
    const row = Math.min(rows.length - 1, Math.max(0, Math.floor((event.clientY - top) / rowHeight)))
    return { row, column }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const [down, right] = steps[event.key] ?? [0, 0]
    if (!onSelect || (down === 0 && right === 0)) return
    event.preventDefault()
    const { row = 0, column = 0 } = selected ?? {}
    onSelect(
      Math.min(rows.length - 1, Math.max(0, row + down)),
      Math.min(columns.length - 1, Math.max(0, column + right))
    )
  }
  const shown = pointed ?? selected
  const caption = shown?.row === undefined || shown.column === undefined ? undefined : title(shown.row, shown.column)
  const every = (size: number, least: number) => Math.max(1, Math.ceil(least / Math.max(size, 0.01)))
  const [rowStride, columnStride] = [every(rowHeight, 12 * textScale), every(cell, 24 * textScale)]
  return (
    <div className={styles.heatmap} style={{ width, height }}>
      <canvas ref={canvas} style={{ left: margin.left, top: margin.top, width: innerWidth, height: innerHeight }} />
      <svg width={width} height={height} role={onSelect ? 'group' : 'img'} aria-label={props.description}>
        {rows.map((name, row) =>
          row % rowStride === 0 ? (
            <text key={name} x={margin.left - 6} y={margin.top + (row + 0.5) * rowHeight + 4} textAnchor="end">
              {name}
            </text>
          ) : null
        )}
        {columns.map((name, column) =>
          column % columnStride === 0 ? (
            <text
              key={name}
              x={margin.left + (column + 0.5) * cell}
              y={margin.top + innerHeight + 14 * textScale}
              textAnchor="middle"
            >
              {name}
            </text>
          ) : null
        )}
        <text x={margin.left - 6} y={margin.top - 9 * textScale} textAnchor="end">
          {props.rowTitle}
        </text>
        <text x={margin.left + innerWidth / 2} y={margin.top + innerHeight + 31 * textScale} textAnchor="middle">
          {props.columnTitle}
        </text>
        <Legend scale={scale} unit={props.unit} right={margin.left + innerWidth} textScale={textScale} />
        <text x={margin.left} y={height - 4 * textScale} className={styles.caption} data-export="no">
          {caption}
        </text>
        {shown && (
          <rect
            className={styles.marked}
            data-export="no"
            x={margin.left + (shown.column ?? 0) * cell - 1}
            y={margin.top + (shown.row ?? 0) * rowHeight - 1}
            width={(shown.column === undefined ? innerWidth : cell) + 2}
            height={(shown.row === undefined ? innerHeight : rowHeight) + 2}
          />
        )}
        <rect
          className={styles.surface}
          data-export="no"
          x={margin.left}
          y={margin.top}
          width={innerWidth}
          height={innerHeight}
          tabIndex={onSelect ? 0 : undefined}
          role={onSelect ? 'button' : undefined}
          aria-label={onSelect ? [props.description, caption].filter(Boolean).join('. ') : undefined}
          onPointerMove={(event) => setPointed(at(event))}
          onPointerLeave={() => setPointed(undefined)}
          onPointerDown={(event) => {
            const { row, column } = at(event)
            onSelect?.(row, column)
          }}
          onKeyDown={onKeyDown}
        />
      </svg>
    </div>
  )
}

interface LegendProps {
  readonly scale: RatioScale
  readonly unit: string
  readonly right: number
  readonly textScale: number
}

const swatches = 24

/** The colours from the least to the largest ratio, with the ratios at both ends and in the middle. */
function Legend({ scale: { limit, colour }, unit, right, textScale }: LegendProps) {
  const swatch = 5 * textScale
  const length = swatches * swatch
  const left = right - (`${limit}× ${unit}`.length * letter + 12) * textScale - length
  const baseline = 13 * textScale
  return (
    <g>
      <text x={left - 5} y={baseline} textAnchor="end">
        1/{limit}
      </text>
      {Array.from({ length: swatches }, (_, i) => (
        <rect
          key={i}
          x={left + i * swatch}
          y={4 * textScale}
          width={swatch + 0.5}
          height={10 * textScale}
          fill={colour(limit ** ((2 * i + 1) / swatches - 1))}
        />
      ))}
      <text x={right} y={baseline} textAnchor="end">
        {limit}× {unit}
      </text>
    </g>
  )
}

/** Width of a letter, about, in pixels at the usual text size. */
const letter = 6

const steps: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1]
}

interface Cells {
  readonly rows: number
  readonly columns: number
  readonly cell: number
  readonly rowHeight: number
  readonly colour: (row: number, column: number) => string
}

function draw(canvas: HTMLCanvasElement, { rows, columns, cell, rowHeight, colour }: Cells): void {
  const scale = devicePixelRatio
  canvas.width = Math.max(1, Math.round(columns * cell * scale))
  canvas.height = Math.max(1, Math.round(rows * rowHeight * scale))
  const context = canvas.getContext('2d')
  if (!context) return
  context.scale(scale, scale)
  const gap = cell > 8 && rowHeight > 6 ? 1 : 0
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      context.fillStyle = colour(row, column)
      context.fillRect(column * cell, row * rowHeight, cell - gap, rowHeight - gap)
    }
  }
}
