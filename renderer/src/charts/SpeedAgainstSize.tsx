import type { SpeedPoint } from '@core/bench/speed-against-size'
import { formatCount, formatSpeed } from './format'
import { XYChart, type XYSeries } from './XYChart'

export interface SpeedAgainstSizeProps {
  readonly points: readonly SpeedPoint[]
  /** All widths that are or will be measured. */
  readonly widths: readonly number[]
  readonly width: number
  readonly height: number
  /** Text size over the usual one: room for labels grows with it. */
  readonly textScale?: number
}

const looks = {
  'dense-active': { name: 'dense, equal active', colour: 'var(--dense)', look: 'plain' },
  moe: { name: 'MoE', colour: 'var(--moe)', look: 'plain' },
  'dense-total': { name: 'dense, equal total', colour: 'var(--dense)', look: 'dashed' }
} as const

const kinds = Object.keys(looks) as (keyof typeof looks)[]

/** Tokens per second of three shapes from small to large, of one point or more; both axes logarithmic, with the quartiles as bands. */
export function SpeedAgainstSize({ points, widths, width, height, textScale = 1 }: SpeedAgainstSizeProps) {
  const speeds = points.flatMap(({ tokensPerSecond: { low, high } }) => [low, high])
  const [slowest, fastest] = [Math.min(...speeds), Math.max(...speeds)]
  const series = kinds.map((kind): XYSeries => {
    const { name, colour, look } = looks[kind]
    const own = points.filter((point) => point.kind === kind)
    return { id: kind, label: name, mark: 'line', dots: true, colour, look, points: own.map(pointOf) }
  })
  return (
    <XYChart
      series={series}
      x={{
        label: 'model width d',
        scale: 'log',
        format: (value) => `d ${value}`,
        from: Math.min(...widths),
        to: Math.max(...widths),
        ticks: widths
      }}
      y={{ label: 'decode, tokens/s', scale: 'log', format: formatSpeed, from: slowest / 1.3, to: fastest * 1.3 }}
      labelRoom={165}
      width={width}
      height={height}
      textScale={textScale}
      description={describe(points)}
    />
  )
}

function pointOf({ kind, width, parameters: { active, total }, tokensPerSecond: { median, low, high } }: SpeedPoint) {
  const title =
    `${looks[kind].name}, d ${width}: ${formatSpeed(median)} tokens/s (${formatSpeed(low)} – ${formatSpeed(high)}), ` +
    `${formatCount(active)} active of ${formatCount(total)}`
  return { x: width, y: median, low, high, title }
}

function describe(points: readonly SpeedPoint[]): string {
  return points
    .map(
      ({ kind, width, tokensPerSecond }) =>
        `${looks[kind].name} at width ${width}: ${formatSpeed(tokensPerSecond.median)} tokens/s`
    )
    .join('; ')
}
