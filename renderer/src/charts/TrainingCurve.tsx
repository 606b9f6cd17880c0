import { line, scaleLinear, scaleLog } from 'd3'
import { formatCount, formatLoss } from './format'
import { spreadApart } from './labels'
import styles from './TrainingCurve.module.css'

export type CurvePoint = readonly [characters: number, loss: number]

export interface TrainingCurveProps {
  readonly kind: 'dense' | 'moe'
  /** Loss of each step's batch. */
  readonly losses: readonly CurvePoint[]
  /** Validation losses. */
  readonly points: readonly CurvePoint[]
  /** Validation losses of other models, to compare with. */
  readonly references: readonly {
    readonly id: string
    readonly kind: 'dense' | 'moe'
    readonly points: readonly CurvePoint[]
  }[]
  /** Entropy of the text: no model can be below it. */
  readonly floor: number
  /** Characters of the whole training. */
  readonly end: number
  readonly width: number
  readonly height: number
  /** Text size over the usual one: room for labels grows with it. */
  readonly textScale?: number
}

const usualMargin = { left: 48, right: 92, top: 26, bottom: 44 }
const maxSteps = 600

/** Loss in nats per character against characters trained on (logarithmic), with the floor. */
export function TrainingCurve(props: TrainingCurveProps) {
  const { kind, losses, points, references, floor, end, width, height, textScale = 1 } = props
  if (width < 320) return null
  const margin = scaledMargin(textScale)
  const known = references.flatMap((reference) => reference.points)
  const first = Math.min(
    end / 100,
    ...known.map(([characters]) => characters),
    ...losses.map(([characters]) => characters)
  )
  const last = Math.max(end, ...known.map(([characters]) => characters))
  const highest = Math.max(floor * 2.4, ...points.map(([, loss]) => loss), ...known.map(([, loss]) => loss))
  const x = scaleLog([first, last], [margin.left, width - margin.right])
  const y = scaleLinear([floor * 0.94, Math.min(4.2, highest)], [height - margin.bottom, margin.top]).clamp(true)
  const path = line<CurvePoint>(
    ([characters]) => x(characters),
    ([, loss]) => y(loss)
  )
  return (
    <svg className={styles.chart} width={width} height={height} role="img" aria-label={describe(props)}>
      {y.ticks(5).map((tick) => (
        <g key={tick} transform={`translate(0,${y(tick)})`}>
          <line className={styles.grid} x1={margin.left} x2={width - margin.right} />
          <text x={margin.left - 8} y={4} textAnchor="end">
            {tick.toFixed(1)}
          </text>
        </g>
      ))}
      {decades(first, last).map((tick) => (
        <text key={tick} x={x(tick)} y={height - margin.bottom + 18 * textScale} textAnchor="middle">
          {formatCount(tick)}
        </text>
      ))}
      <text x={0} y={11 * textScale}>
        loss, nats per character
      </text>
      <text x={(margin.left + width - margin.right) / 2} y={height - 6 * textScale} textAnchor="middle">
        characters trained on
      </text>
      <line className={styles.floor} x1={margin.left} x2={width - margin.right} y1={y(floor)} y2={y(floor)} />
      {references.map((reference) => (
        <g key={reference.id} className={styles.reference} data-kind={reference.kind}>
          <path d={path(reference.points) ?? undefined} />
        </g>
      ))}
      {spreadApart(
        [
          { text: `floor ${formatLoss(floor)}`, y: y(floor) },
          ...references.flatMap(({ id, points: theirs }) => {
            const end = theirs.at(-1)
            return end ? [{ text: id, y: y(end[1]) }] : []
          })
        ],
        14 * textScale
      ).map((label) => (
        <text key={label.text} x={width - margin.right + 8} y={label.y + 4}>
          {label.text}
        </text>
      ))}
      <g className={styles.own} data-kind={kind}>
        <path className={styles.batch} d={path(thinned(losses)) ?? undefined} />
        <path d={path(points) ?? undefined} />
        {points.map(([characters, loss]) => (
          <circle key={characters} cx={x(characters)} cy={y(loss)} r={4.5}>
            <title>{`${formatLoss(loss)} after ${formatCount(characters)} characters`}</title>
          </circle>
        ))}
      </g>
    </svg>
  )
}

function scaledMargin(scale: number): typeof usualMargin {
  const { left, right, top, bottom } = usualMargin
  return { left: left * scale, right: right * scale, top: top * scale, bottom: bottom * scale }
}

/** So few steps that a line of them is drawn in every frame. */
function thinned(losses: readonly CurvePoint[]): CurvePoint[] {
  const stride = Math.ceil(losses.length / maxSteps)
  return losses.filter((_, i) => i % stride === 0)
}

function decades(first: number, last: number): number[] {
  return [1e3, 1e4, 1e5, 1e6, 1e7, 1e8].filter((tick) => tick >= first && tick <= last)
}

function describe({ points, references, floor }: TrainingCurveProps): string {
  const pointText = ([characters, loss]: CurvePoint) =>
    `${formatLoss(loss)} after ${formatCount(characters)} characters`
  const own = points.length > 0 ? points.map(pointText).join(', ') : 'no validation yet'
  const others = references.flatMap(({ id, points: theirs }) => {
    const end = theirs.at(-1)
    return end ? [`${id} ${pointText(end)}`] : []
  })
  return [`Validation loss: ${own}`, ...others, `floor ${formatLoss(floor)}`].join('; ')
}
