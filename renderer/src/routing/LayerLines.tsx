import { useWidth } from '../charts/use-size'
import { type XYAxis, XYChart, type XYChartProps } from '../charts/XYChart'
import { useTextScale } from '../ui/use-appearance'
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
  /** As places in the trace's list. */
  readonly layers: readonly number[]
  readonly lines: readonly LayerLine[]
  readonly y: Omit<XYAxis, 'scale'>
}

/** Figures by layer, as lines; of a single layer, as points. */
export function LayerLines({ layers, lines, y, references = [], description }: LayerLinesProps) {
  const { facts } = useInspected()
  const textScale = useTextScale()
  const [ref, width] = useWidth()
  return (
    <div ref={ref}>
      <XYChart
        series={lines.map(({ values, title, ...line }) => ({
          ...line,
          mark: layers.length > 1 ? 'line' : 'points',
          points: layers.map((layer, row) => ({
            x: facts.layers[layer] ?? layer,
            y: values[row] ?? Number.NaN,
            title: `${layerName(facts, layer)}: ${title(row)}`
          }))
        }))}
        x={layerAxis}
        y={{ ...y, scale: 'linear' }}
        references={references}
        width={width}
        height={230}
        textScale={textScale}
        description={description}
      />
    </div>
  )
}

/** Layers, counted from 0. */
const layerAxis: XYAxis = {
  label: 'layer',
  scale: 'linear',
  format: (value) => (Number.isInteger(value) && value >= 0 ? String(value) : '')
}
