import type { SpeedPoint } from '@core/run/speed-against-size'
import { area, line, scaleLog } from 'd3'
import { formatCount, formatSpeed } from './format'
import styles from './SpeedAgainstSize.module.css'

export interface SpeedAgainstSizeProps {
  readonly points: readonly SpeedPoint[]
  /** All widths that are or will be measured. */
  readonly widths: readonly number[]
  readonly width: number
  readonly height: number
  /** Text size over the usual one: room for labels grows with it. */
  readonly textScale?: number
}

const kinds = ['dense-active', 'moe', 'dense-total'] as const
const names = { 'dense-active': 'dense, equal active', moe: 'MoE', 'dense-total': 'dense, equal total' } as const
const usualMargin = { left: 52, right: 165, top: 12, bottom: 44 }

/** Tokens per second of three shapes from small to large, both axes logarithmic, with the quartiles as bands. */
export function SpeedAgainstSize({ points, widths, width, height, textScale = 1 }: SpeedAgainstSizeProps) {
  if (width < 320) return null
  const margin = scaledMargin(textScale)
  const speeds = points.flatMap(({ tokensPerSecond: { low, high } }) => [low, high])
  const x = scaleLog([Math.min(...widths), Math.max(...widths)], [margin.left, width - margin.right])
  const y = scaleLog(speeds.length > 0 ? [Math.min(...speeds) / 1.3, Math.max(...speeds) * 1.3] : [10, 10_000], [
    height - margin.bottom,
    margin.top
  ])
  return (
    <svg className={styles.chart} width={width} height={height} role="img" aria-label={describe(points)}>
      {y
        .ticks(4)
        .filter((tick) => /^[125]0*$/.test(String(tick)))
        .map((tick) => (
          <g key={tick} transform={`translate(0,${y(tick)})`}>
            <line className={styles.grid} x1={margin.left} x2={width - margin.right} />
            <text x={margin.left - 8} y={4} textAnchor="end">
              {tick.toLocaleString('en')}
            </text>
          </g>
        ))}
      {widths.map((each) => (
        <text key={each} x={x(each)} y={height - margin.bottom + 18 * textScale} textAnchor="middle">
          d {each}
        </text>
      ))}
      <text x={margin.left} y={height - 6}>
        tokens/s by width of the model
      </text>
      {kinds.map((kind) => (
        <Series key={kind} kind={kind} points={points.filter((point) => point.kind === kind)} x={x} y={y} />
      ))}
      <EndLabels points={points} y={y} x={width - margin.right + 12} apart={16 * textScale} />
    </svg>
  )
}

function scaledMargin(scale: number): typeof usualMargin {
  const { left, right, top, bottom } = usualMargin
  return { left: left * scale, right: right * scale, top: top * scale, bottom: bottom * scale }
}

type Scale = (value: number) => number

function Series({ kind, points, x, y }: { kind: string; points: readonly SpeedPoint[]; x: Scale; y: Scale }) {
  const path = line<SpeedPoint>(
    (point) => x(point.width),
    ({ tokensPerSecond }) => y(tokensPerSecond.median)
  )
  const band = area<SpeedPoint>(
    (point) => x(point.width),
    ({ tokensPerSecond }) => y(tokensPerSecond.low),
    ({ tokensPerSecond }) => y(tokensPerSecond.high)
  )
  return (
    <g className={styles.series} data-kind={kind}>
      <path className={styles.band} d={band(points) ?? undefined} />
      <path className={styles.line} d={path(points) ?? undefined} />
      {points.map(({ width, parameters, tokensPerSecond: { median, low, high } }) => (
        <circle key={width} cx={x(width)} cy={y(median)} r={4}>
          <title>
            {`${names[kind as keyof typeof names]}, d ${width}: ${formatSpeed(median)} tokens/s (${formatSpeed(low)} – ${formatSpeed(high)}), ` +
              `${formatCount(parameters.active)} active of ${formatCount(parameters.total)}`}
          </title>
        </circle>
      ))}
    </g>
  )
}

/** The names at the ends of the lines, pushed apart where they would overlap. */
function EndLabels({ points, x, y, apart }: { points: readonly SpeedPoint[]; x: number; y: Scale; apart: number }) {
  const ends = kinds
    .flatMap((kind) => {
      const last = points.filter((point) => point.kind === kind).at(-1)
      return last ? [{ kind, place: y(last.tokensPerSecond.median) }] : []
    })
    .sort((a, b) => a.place - b.place)
  let previous = Number.NEGATIVE_INFINITY
  return ends.map(({ kind, place }) => {
    previous = Math.max(place, previous + apart)
    return (
      <text key={kind} className={styles.name} data-kind={kind} x={x} y={previous + 4}>
        {names[kind]}
      </text>
    )
  })
}

function describe(points: readonly SpeedPoint[]): string {
  if (points.length === 0) return 'Speed against size: nothing is measured yet'
  return points
    .map(
      ({ kind, width, tokensPerSecond }) =>
        `${names[kind]} at width ${width}: ${formatSpeed(tokensPerSecond.median)} tokens/s`
    )
    .join('; ')
}
