import type { Frame } from '../charts/frame'
import { type XYAxis, XYChart, type XYChartProps } from '../charts/XYChart'
import { layerName, useInspected } from './use-inspected'

/** One figure of every layer. */
export interface LayerLine {
  readonly id: string
  /** Written at the end of the line; empty for none. */
  readonly label: string
  readonly colour: string
  /** `[layers]` */
  readonly values: ArrayLike<number>
  /** Tooltip of a layer, after its name. */
  readonly title: (row: number) => string
}

export interface LayerLinesProps extends Pick<XYChartProps, 'references' | 'description'> {
  readonly frame: Frame
  /** As places in the trace's list. */
  readonly layers: readonly number[]
  readonly lines: readonly LayerLine[]
  readonly y: Omit<XYAxis, 'scale'>
}

/** Fewer layers than these are points, as nothing lies between them. */
const fewestOfLine = 4

/** Figures by layer: points of a few, lines of many. */
export function LayerLines({ frame, layers, lines, y, references = [], description }: LayerLinesProps) {
  const { facts } = useInspected()
  const areFew = layers.length < fewestOfLine
  const numbers = layers.map((layer) => facts.layers[layer] ?? layer)
  return (
    <XYChart
      series={lines.map(({ values, title, ...line }) => ({
        ...line,
        mark: areFew ? 'points' : 'line',
        points: layers.map((layer, row) => ({
          x: numbers[row] ?? layer,
          y: values[row] ?? Number.NaN,
          title: `${layerName(facts, layer)}: ${title(row)}`
        }))
      }))}
      x={areFew ? { ...layerAxis, ...around(numbers), ticks: numbers } : layerAxis}
      y={{ ...y, scale: 'linear' }}
      references={references}
      {...frame}
      height={230}
      description={description}
    />
  )
}

/** Ends of an axis with as much room beside the first and the last number as between two. */
function around(numbers: readonly number[]): { readonly from: number; readonly to: number } {
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)]
  const room = Math.max(1, last - first) / 2
  return { from: first - room, to: last + room }
}

/** Layers, counted from 0. */
const layerAxis: XYAxis = {
  label: 'layer',
  scale: 'linear',
  format: (value) => (Number.isInteger(value) && value >= 0 ? String(value) : '')
}
