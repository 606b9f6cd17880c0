import { layerOf } from '@core/routing/statistics/balance'
import { load } from '@core/routing/statistics/load'
import { formatExact, formatPercent, formatRatio } from '../charts/format'
import { Heatmap } from '../charts/Heatmap'
import { ChartPanel } from '../ui/ChartPanel'
import styles from './pages.module.css'
import { layerName, useInspected } from './use-inspected'
import type { Followed } from './use-training'

/** With more layers than these only the chosen one is shown. */
const mostLayers = 4

/** The load of every expert over the training, a picture for each layer. */
export function TrainingLoad({ points }: { points: readonly Followed[] }) {
  const { layer } = useInspected()
  const layers = points[0]?.choices.layers ?? []
  const shown = layers.length <= mostLayers ? layers : [layer]
  return (
    <div className={shown.length > 1 ? styles.pair : undefined}>
      {shown.map((each) => (
        <LayerLoad key={each} points={points} place={each} />
      ))}
    </div>
  )
}

function LayerLoad({ points, place }: { points: readonly Followed[]; place: number }) {
  const { facts, layer, expert, inspect } = useInspected()
  const { experts } = facts
  const row = Math.max(0, points[0]?.choices.layers.indexOf(place) ?? 0)
  const loads = points.map(({ choices }) => load(layerOf(choices.any, row, experts)))
  const largest = (shares: Float64Array | undefined) => (shares ? Math.max(...shares) * experts : Number.NaN)
  return (
    <ChartPanel
      title={`Load of every expert, ${layerName(facts, place)}`}
      fileName={`load-over-training-layer-${facts.layers[place] ?? place}`}
      answer={
        <>
          The busiest expert takes <b>{formatRatio(largest(loads[0]))}</b> its even share at step{' '}
          {formatExact(points[0]?.step ?? 0)}, <b>{formatRatio(largest(loads.at(-1)))}</b> at step{' '}
          {formatExact(points.at(-1)?.step ?? 0)}.
        </>
      }
      table={() => ({
        columns: ['step', 'layer', 'expert', 'tokens', 'share'],
        rows: points.flatMap(({ step, choices }, i) =>
          Array.from({ length: experts }, (_, each) => [
            step,
            facts.layers[place] ?? place,
            each,
            choices.any[row * experts + each] ?? 0,
            loads[i]?.[each] ?? null
          ])
        )
      })}
    >
      {(frame) => (
        <Heatmap
          {...frame}
          rows={Array.from({ length: experts }, (_, each) => String(each))}
          columns={points.map(({ step }) => formatExact(step))}
          rowTitle="expert"
          columnTitle="training step"
          unit="its even share"
          ratio={(each, point) => (loads[point]?.[each] ?? 0) * experts}
          title={(each, point) =>
            `expert ${each} at step ${formatExact(points[point]?.step ?? 0)}: ${formatPercent(loads[point]?.[each] ?? 0)} of choices, ` +
            `${formatRatio((loads[point]?.[each] ?? 0) * experts)} its even share`
          }
          rowHeight={Math.max(2, Math.min(20, 340 / experts))}
          description={`Load of each expert of ${layerName(facts, place)} over the training, as a ratio to its even share`}
          selected={layer === place ? { row: expert } : undefined}
          onSelect={(each) => inspect({ layer: place, expert: each })}
        />
      )}
    </ChartPanel>
  )
}
