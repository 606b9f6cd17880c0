import styles from './ExpertBars.module.css'
import { expertColour, type Theme } from './expert-colour'
import { gridHeight, layerTop, type RoutingLayout } from './routing-layout'

export interface ExpertBarsProps extends RoutingLayout {
  /** A share of each expert, by layer: `[layers][experts]`, each from 0 to 1. */
  readonly shares: readonly (readonly number[])[]
  /** Experts to stress, by layer; undefined stresses all alike. */
  readonly chosen: readonly (readonly number[])[] | undefined
  /** A share to mark with a line, such as that of an even load. */
  readonly reference: number
  readonly width: number
  readonly theme: Theme
}

/** Bars beside the rows of the routing grid, on one scale for all layers. */
export function ExpertBars(props: ExpertBarsProps) {
  const { layers, rowHeight, shares, chosen, reference, width, theme } = props
  const most = Math.max(reference * 1.5, ...shares.flat())
  const height = gridHeight(props)
  return (
    <svg className={styles.bars} width={width} height={height} aria-hidden="true">
      {layers.map(({ layer, experts }, index) => (
        <g key={layer} transform={`translate(0,${layerTop(props, index)})`}>
          {Array.from({ length: experts }, (_, expert) => (
            <rect
              key={expert}
              y={expert * rowHeight + 0.5}
              height={rowHeight - 1}
              width={((shares[index]?.[expert] ?? 0) / most) * width}
              fill={expertColour(expert, experts, theme)}
              opacity={chosen && !chosen[index]?.includes(expert) ? 0.4 : 1}
            />
          ))}
          <line
            className={styles.reference}
            x1={(reference / most) * width}
            x2={(reference / most) * width}
            y2={experts * rowHeight}
          />
        </g>
      ))}
    </svg>
  )
}
