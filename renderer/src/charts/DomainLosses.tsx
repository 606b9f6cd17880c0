import { scaleLinear } from 'd3'
import styles from './DomainLosses.module.css'

export interface DomainLossRow {
  readonly id: string
  readonly label: string
  /** Nats per character. */
  readonly floor: number | undefined
  readonly losses: readonly { readonly kind: 'dense' | 'moe'; readonly loss: number }[]
}

export interface DomainLossGroup {
  readonly title: string
  readonly rows: readonly DomainLossRow[]
}

export interface DomainLossesProps {
  readonly groups: readonly DomainLossGroup[]
  readonly width: number
  /** Text size over the usual one: rows and the room for names grow with it. */
  readonly textScale?: number
}

const usual = { row: 19, group: 22, names: 176, axis: 34 }

/** Loss of two models on each language, with its floor: how far each dot is from the tick is the model's own. */
export function DomainLosses({ groups, width, textScale = 1 }: DomainLossesProps) {
  const [rowHeight, groupHeight] = [usual.row * textScale, usual.group * textScale]
  const [labelWidth, axisHeight] = [usual.names * textScale, usual.axis * textScale]
  const rows = groups.flatMap((group) => group.rows)
  const values = rows.flatMap(({ floor = 0, losses }) => [floor, ...losses.map(({ loss }) => loss)])
  if (values.length === 0 || width < labelWidth + 80) return null
  const x = scaleLinear([0, Math.max(...values) * 1.04], [labelWidth, width - 8])
  const height = groups.length * groupHeight + rows.length * rowHeight + axisHeight
  return (
    <svg
      className={styles.chart}
      width={width}
      height={height}
      role="img"
      aria-label="Loss by language, with its floor"
    >
      {x.ticks(Math.max(2, Math.min(5, (width - labelWidth) / (60 * textScale)))).map((tick) => (
        <g key={tick} transform={`translate(${x(tick)},0)`}>
          <line className={styles.grid} y1={groupHeight} y2={height - axisHeight} />
          <text y={height - axisHeight + 13 * textScale} textAnchor="middle">
            {tick.toFixed(1)}
          </text>
        </g>
      ))}
      <text x={width - 8} y={height - 2} textAnchor="end">
        loss, nats per character
      </text>
      {groups.map(({ title, rows }, place) => {
        const before = groups.slice(0, place)
        const start = before.reduce((sum, group) => sum + groupHeight + group.rows.length * rowHeight, 0)
        return (
          <g key={title} transform={`translate(0,${start})`}>
            <text className={styles.group} y={15 * textScale}>
              {title}
            </text>
            {rows.map(({ id, label, floor, losses }, index) => (
              <g key={id} transform={`translate(0,${groupHeight + (index + 0.5) * rowHeight})`}>
                <text y={4} x={10}>
                  {label}
                </text>
                {floor !== undefined && (
                  <>
                    <line
                      className={styles.stem}
                      x1={x(floor)}
                      x2={x(Math.max(floor, ...losses.map(({ loss }) => loss)))}
                    />
                    <line className={styles.floor} x1={x(floor)} x2={x(floor)} y1={-6} y2={6} />
                  </>
                )}
                {losses.map(({ kind, loss }) => (
                  <circle key={kind} className={styles.dot} data-kind={kind} cx={x(loss)} r={5} />
                ))}
              </g>
            ))}
          </g>
        )
      })}
    </svg>
  )
}
