import type { TokenRouting } from '@core/generate/records'
import { expertColour, type Theme } from './expert-colour'
import { visible } from './format'
import styles from './RoutingDrawing.module.css'
import { gridHeight, layerTop, type RoutingColumn, type RoutingLayout } from './routing-layout'

export interface RoutingDrawingProps extends RoutingLayout {
  /** As many of them as fit are drawn, from the first. */
  readonly columns: readonly RoutingColumn[]
  /** CSS pixels. */
  readonly width: number
  readonly textScale: number
  readonly theme: Theme
}

/** Room for the names of layers and experts, and below the columns, at the usual text size. */
const usual = { left: 70, foot: 44, column: 6, widest: 16 }

/** The routing grid as it is printed: every cell and every character of its own, with axes. */
export function RoutingDrawing({ columns, width, textScale, theme, ...layout }: RoutingDrawingProps) {
  const [left, foot] = [usual.left * textScale, usual.foot * textScale]
  const { layers, rowHeight } = layout
  const count = Math.min(columns.length, Math.floor((width - left) / (usual.column * textScale)))
  if (count < 1) return null
  const columnWidth = Math.min(usual.widest * textScale, (width - left) / count)
  const [bottom, every] = [gridHeight(layout), rowHeight < 7 ? 4 : 2]
  const cellsOf = (decision: TokenRouting | undefined, { column, index }: { column: number; index: number }) =>
    decision?.experts.map((expert, choice) => (
      <rect
        key={expert}
        x={column * columnWidth + 0.5}
        y={layerTop(layout, index) + expert * rowHeight + 0.5}
        width={columnWidth - 1}
        height={rowHeight - 1}
        fill={expertColour(expert, layers[index]?.experts ?? 1, theme)}
        opacity={0.3 + 0.7 * (decision.gates[choice] ?? 0)}
      />
    ))
  return (
    <svg className={styles.drawing} width={width} height={bottom + foot}>
      {layers.map(({ layer, experts }, index) => (
        <g key={layer} transform={`translate(0,${layerTop(layout, index)})`}>
          <text y={(experts * rowHeight) / 2 + 4}>layer {layer}</text>
          {Array.from({ length: Math.ceil(experts / every) }, (_, i) => (
            <text
              key={i}
              x={left - 5}
              y={(i * every + 0.5) * rowHeight + 3}
              textAnchor="end"
              style={{ fontSize: Math.min(11 * textScale, every * rowHeight) }}
            >
              {i * every}
            </text>
          ))}
          <line className={styles.edge} x1={left - 0.5} x2={left - 0.5} y2={experts * rowHeight} />
        </g>
      ))}
      <g transform={`translate(${left},0)`}>
        {columns.slice(0, count).map(({ position, text, generated, routing }, column) => (
          <g key={position}>
            {layers.map(({ layer }, index) => (
              <g key={layer}>{cellsOf(routing[index], { column, index })}</g>
            ))}
            <text
              className={generated ? styles.generated : undefined}
              x={(column + 0.5) * columnWidth}
              y={bottom + 14 * textScale}
              textAnchor="middle"
              style={{ fontSize: Math.min(13 * textScale, columnWidth * 1.45) }}
            >
              {text === ' ' ? '·' : visible(text)}
            </text>
          </g>
        ))}
      </g>
      <text x={left} y={bottom + 36 * textScale}>
        {columns.length > count ? `the first ${count} characters` : 'characters in the order in which they were read'}
      </text>
      <text x={left - 5} y={bottom + 14 * textScale} textAnchor="end">
        expert
      </text>
    </svg>
  )
}
