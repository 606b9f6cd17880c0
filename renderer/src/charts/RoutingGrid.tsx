import { type PointerEvent, useEffect, useRef } from 'react'
import styles from './RoutingGrid.module.css'
import { gridHeight, type RoutingGridProps, textHeight } from './routing-layout'
import { createRoutingPainter, type RoutingPainter } from './routing-painter'

/** Tokens x layers x experts: the experts of each token, with their weights (stronger is larger). */
export function RoutingGrid(props: RoutingGridProps) {
  const { columns, width, columnWidth, highlighted, onPoint, onSelect } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  const height = gridHeight(props) + textHeight
  const painter = useRef<RoutingPainter>(undefined)
  useEffect(() => {
    if (!canvas.current) return
    painter.current ??= createRoutingPainter(canvas.current)
    painter.current.paint(props, height)
  })
  const positionAt = (event: PointerEvent<SVGSVGElement>) => {
    const place = event.clientX - event.currentTarget.getBoundingClientRect().left
    return columns[Math.floor(place / columnWidth)]?.position
  }
  const marked = columns.findIndex(({ position }) => position === highlighted)
  return (
    <div className={styles.grid} style={{ width, height }}>
      <canvas ref={canvas} style={{ width, height }} />
      <svg
        width={width}
        height={height}
        aria-hidden="true"
        data-testid="routing-grid"
        onPointerMove={(event) => onPoint(positionAt(event))}
        onPointerLeave={() => onPoint(undefined)}
        onPointerDown={(event) => {
          const position = positionAt(event)
          if (position !== undefined) onSelect(position)
        }}
      >
        {marked >= 0 && (
          <rect
            className={styles.highlight}
            x={marked * columnWidth - 0.5}
            y={0.5}
            width={columnWidth + 1}
            height={height - 1}
            rx={2}
          />
        )}
      </svg>
    </div>
  )
}
