import { formatExact } from '../charts/format'
import type { Frame } from '../charts/frame'
import { type XYAxis, XYChart, type XYChartProps } from '../charts/XYChart'
import { layerName, useInspected } from './use-inspected'
import type { Followed } from './use-training'

export interface StepLinesProps extends Pick<XYChartProps, 'references' | 'description'> {
  readonly frame: Frame
  readonly points: readonly Followed[]
  /** Of a checkpoint and the place of a layer among those that were measured; NaN where it cannot be told. */
  readonly value: (point: Followed, row: number) => number
  readonly y: Omit<XYAxis, 'scale'>
}

/** Of more layers than these only the chosen one is named beside its line. */
const maxNamed = 8

/** A figure over the steps of a training, a line for each layer; the chosen layer stands out. */
export function StepLines({ frame, points, value, y, references = [], description }: StepLinesProps) {
  const { facts, layer: chosen, inspect } = useInspected()
  const layers = points[0]?.choices.layers ?? []
  const lines = layers.map((layer, row) => ({
    id: String(layer),
    label: layer === chosen || layers.length <= maxNamed ? layerName(facts, layer) : '',
    mark: 'line' as const,
    colour: layer === chosen ? 'var(--moe)' : 'var(--mute)',
    points: points.map((point) => ({
      x: point.step,
      y: value(point, row),
      title: `step ${formatExact(point.step)}, ${layerName(facts, layer)}: ${y.format(value(point, row))}`
    }))
  }))
  return (
    <XYChart
      // The chosen one lies over the others.
      series={lines.sort((a, b) => Number(a.id === String(chosen)) - Number(b.id === String(chosen)))}
      x={{ label: 'training step', scale: 'log', format: (step) => formatExact(step) }}
      y={{ ...y, scale: 'linear' }}
      references={references}
      {...frame}
      height={230}
      description={description}
      onSelect={(layer) => inspect({ layer: Number(layer) })}
    />
  )
}
