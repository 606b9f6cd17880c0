import type { TokenRouting } from '@core/run/records'
import { type PointerEvent, useEffect, useRef } from 'react'
import { expertColour, type Theme } from './expert-colour'
import { visible } from './format'
import styles from './RoutingGrid.module.css'

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
const textHeight = 18

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
  const ink = useRef<{ readonly theme: Theme; readonly colour: string }>(undefined)
  useEffect(() => {
    if (!canvas.current) return
    // Asking for a style costs a layout while the page changes: once for each theme.
    if (ink.current?.theme !== props.theme) {
      ink.current = { theme: props.theme, colour: getComputedStyle(canvas.current).color }
    }
    draw(canvas.current, props, height, ink.current.colour)
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

/** Drawn apart from the page, because a font set on a canvas of the page asks for its style, and so for a layout. */
const sheet = new OffscreenCanvas(1, 1)

function draw(canvas: HTMLCanvasElement, props: RoutingGridProps, height: number, ink: string): void {
  const { columns, layers, width, rowHeight, columnWidth, theme } = props
  const scale = devicePixelRatio
  sheet.width = Math.round(width * scale)
  sheet.height = Math.round(height * scale)
  const context = sheet.getContext('2d')
  if (!context) return
  context.scale(scale, scale)
  const gap = columnWidth > 5 ? 1 : 0.5
  layers.forEach(({ experts }, index) => {
    const top = layerTop(props, index)
    context.globalAlpha = 0.045
    context.fillStyle = ink
    for (let expert = 0; expert < experts; expert += 2) {
      context.fillRect(0, top + expert * rowHeight, width, rowHeight)
    }
    columns.forEach(({ routing }, column) => {
      const decision = routing[index]
      decision?.experts.forEach((expert, choice) => {
        context.globalAlpha = 0.3 + 0.7 * (decision.gates[choice] ?? 0)
        context.fillStyle = expertColour(expert, experts, theme)
        context.fillRect(
          column * columnWidth + gap / 2,
          top + expert * rowHeight + 0.5,
          columnWidth - gap,
          rowHeight - 1
        )
      })
    })
  })
  context.fillStyle = ink
  context.textAlign = 'center'
  context.textBaseline = 'bottom'
  context.font = `${Math.min(13, columnWidth * 1.45)}px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace`
  columns.forEach(({ text, generated }, column) => {
    context.globalAlpha = generated ? 1 : 0.62
    context.fillText(text === ' ' ? '·' : visible(text), (column + 0.5) * columnWidth, height)
  })
  // The first text loads its font, which takes longer than a frame: before the run, not in it.
  if (columns.length === 0) context.fillText('·', -columnWidth, height)
  canvas.width = sheet.width
  canvas.height = sheet.height
  canvas.getContext('2d')?.drawImage(sheet, 0, 0)
}
