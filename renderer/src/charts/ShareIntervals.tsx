import type { Proportion } from '@core/evaluate/proportions'
import { formatPercent } from './format'
import styles from './ShareIntervals.module.css'

export interface ShareRow extends Proportion {
  readonly id: string
  readonly label: string
  readonly kind: 'dense' | 'moe'
  /** For what is only there to be compared with. */
  readonly faint: boolean
}

/** Shares of one set of questions. */
export interface ShareGroup {
  readonly id: string
  /** Above its rows; absent where there is one group. */
  readonly title?: string
  /** Beside the title. */
  readonly note?: string
  readonly rows: readonly ShareRow[]
  /** Expected share of who guesses; undefined where it is not known. */
  readonly chance: number | undefined
}

export interface ShareIntervalsProps {
  readonly groups: readonly ShareGroup[]
  /** CSS pixels. */
  readonly width: number
  readonly textScale?: number
}

/** At the usual text size. */
const usual = { row: 23, title: 24, gap: 4, axis: 38, labels: 110, values: 180, letter: 7.6 }
/** With less room for the intervals, their labels stand above them. */
const narrow = 200

/** Shares from 0 to 100 %, each with its interval, and that of chance as a dashed line through each group. */
export function ShareIntervals({ groups, width, textScale = 1 }: ShareIntervalsProps) {
  const size = (pixels: number) => pixels * textScale
  const longest = Math.max(...groups.flatMap(({ rows }) => rows.map(({ label }) => label.length)), 0)
  const labels = Math.max(usual.labels, longest * usual.letter + 12)
  const isNarrow = width < size(labels + usual.values + narrow)
  const [left, right] = isNarrow ? [0, width] : [size(labels), width - size(usual.values)]
  if (right - left < 40) return null
  const x = (share: number) => left + share * (right - left)
  const row = size(isNarrow ? 2 * usual.row : usual.row)
  const placed = placeGroups(groups, row, size)
  const bottom = placed.at(-1)?.end ?? 0
  return (
    <svg className={styles.chart} width={width} height={bottom + size(usual.axis)}>
      {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
        <g key={tick} transform={`translate(${x(tick)},0)`} aria-hidden="true">
          <line className={styles.grid} y2={bottom} />
          <text className={styles.tick} y={bottom + size(14)} textAnchor={anchorOf(tick, isNarrow)}>
            {100 * tick} %
          </text>
        </g>
      ))}
      <text className={styles.tick} x={x(0.5)} y={bottom + size(31)} textAnchor="middle">
        share of right answers{chanceText(groups)}
      </text>
      {placed.map(({ id, title, note, rows, chance, top, end }) => (
        <g key={id}>
          {title !== undefined && (
            <text y={top - size(7)} className={styles.title}>
              {title}
              <tspan className={styles.note} dx={size(10)}>
                {note}
              </tspan>
            </text>
          )}
          {rows.map(({ id: rowId, label, kind, faint, share, low, high }, i) => {
            const [text, middle] = [top + i * row + size(15), top + (i + 1) * row - size(usual.row / 2)]
            return (
              <g key={rowId} data-kind={kind} data-faint={faint || undefined}>
                <text x={0} y={text}>
                  {label}
                </text>
                <text x={width} y={text} textAnchor="end">
                  {formatPercent(share)} ({formatPercent(low)} to {formatPercent(high)})
                </text>
                <rect className={styles.track} x={left} width={right - left} y={middle - size(4)} height={size(8)} />
                <rect
                  className={styles.interval}
                  x={x(low)}
                  width={Math.max(1, x(high) - x(low))}
                  y={middle - size(4)}
                  height={size(8)}
                />
                {chance !== undefined && isNarrow && (
                  <line
                    className={styles.chance}
                    x1={x(chance)}
                    x2={x(chance)}
                    y1={middle - size(9)}
                    y2={middle + size(9)}
                  />
                )}
                <rect className={styles.share} x={x(share) - 2} width={4} y={middle - size(8)} height={size(16)} />
              </g>
            )
          })}
          {chance !== undefined && !isNarrow && (
            <line className={styles.chance} x1={x(chance)} x2={x(chance)} y1={top} y2={end} />
          )}
        </g>
      ))}
    </svg>
  )
}

/** From the first row to the end of the last. */
function placeGroups(groups: readonly ShareGroup[], row: number, size: (pixels: number) => number) {
  let end = 0
  return groups.map((group) => {
    const top = end + (group.title === undefined ? size(usual.gap) : size(usual.title))
    end = top + group.rows.length * row
    return { ...group, top, end }
  })
}

/** At the ends of a chart that takes the whole width, ticks stay within it. */
function anchorOf(tick: number, isNarrow: boolean) {
  if (!isNarrow || (tick > 0 && tick < 1)) return 'middle'
  return tick === 0 ? 'start' : 'end'
}

function chanceText(groups: readonly ShareGroup[]): string {
  const [first, ...more] = groups
  if (first?.chance === undefined) return ''
  return more.length > 0 ? '; dashed: by guessing' : `; dashed: ${formatPercent(first.chance)} by guessing`
}
