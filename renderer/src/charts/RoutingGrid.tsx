import type { TokenRouting } from '@core/run/records'
import { type PointerEvent, useEffect, useRef } from 'react'
import type { Theme } from './expert-colour'
import styles from './RoutingGrid.module.css'
import { createRoutingPainter, type RoutingPainter } from './routing-painter'

/** One token: what each router did with it. */
export interface RoutingColumn {
  readonly position: number
  readonly text: string
  readonly generated: boolean
  readonly routing: readonly TokenRouting[]
}

export interface RoutingLayout {
  /** The layers that have a router, with the number of their experts. */
  readonly layers: readonly { readonly layer: number; readonly experts: number }[]
  /** Height of one expert's row. */
  readonly rowHeight: number
}

export interface RoutingGridProps extends RoutingLayout {
  /** In their order; as many as fit the width. */
  readonly columns: readonly RoutingColumn[]
  readonly width: number
  readonly columnWidth: number
  readonly theme: Theme
  /** Position of the token that is looked at. */
  readonly highlighted: number | undefined
  readonly onPoint: (position: number | undefined) => void
  readonly onSelect: (position: number) => void
}

/** Space between two layers, and for the characters below the last. */
export const layerGap = 10
export const textHeight = 18

/** Height of all layers, without the characters. */
export function gridHeight({ layers, rowHeight }: RoutingLayout): number {
  return layers.reduce((sum, { experts }) => sum + experts * rowHeight, 0) + layerGap * (layers.length - 1)
}

/** Where a layer begins. */
export function layerTop({ layers, rowHeight }: RoutingLayout, index: number): number {
  return layers.slice(0, index).reduce((sum, { experts }) => sum + experts * rowHeight + layerGap, 0)
}

/** Tokens x layers x experts: which experts worked on each token, and with what weight (stronger is larger). */
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
