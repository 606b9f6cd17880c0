import type { SimulatedDrops } from '@core/routing/statistics/capacity'
import { formatExact, formatPercent } from '../charts/format'
import { ChartPanel } from '../ui/ChartPanel'
import { Range } from '../ui/Range'
import { LayerLines } from './LayerLines'
import styles from './pages.module.css'
import { useInspected } from './use-inspected'

/** Dropped tokens by layer at a capacity factor, simulated on the recorded choices. */
export function CapacityPanel({ drops }: { drops: readonly SimulatedDrops[] }) {
  const { facts, inspection, inspect } = useInspected()
  const distance = ({ factor }: SimulatedDrops) => Math.abs(factor - inspection.capacity)
  const [least, most] = [drops[0], drops.at(-1)]
  if (!least || !most) return null
  const shown = drops.reduce((best, each) => (distance(each) < distance(best) ? each : best))
  const mean = (shares: Float64Array) => shares.reduce((sum, each) => sum + each, 0) / shares.length
  const worst = shown.tokens.reduce((most, each) => Math.max(most, each), 0)
  const rowTitle = (row: number) =>
    `${formatPercent(shown.tokens[row] ?? 0)} of tokens lose an expert, ${formatPercent(shown.wholeTokens[row] ?? 0)} all`
  return (
    <ChartPanel
      title="Dropped tokens at a capacity factor"
      fileName="dropped-at-capacity"
      aside={
        <span className={styles.slider}>
          <Range
            label="Capacity factor"
            value={shown.factor}
            min={least.factor}
            max={most.factor}
            step={0.05}
            write={(factor) => `${factor.toFixed(2)}×`}
            onChange={(capacity) => inspect({ capacity })}
          />
        </span>
      }
      answer={
        <>
          With room for {shown.factor.toFixed(2)} times an even load, <b>{formatPercent(mean(shown.tokens))}</b> of
          tokens lose an expert, {formatPercent(mean(shown.wholeTokens))} all of theirs.
        </>
      }
      note={<>Simulated on the recorded choices, in windows of {formatExact(shown.window)} tokens, in their order.</>}
      table={() => ({
        columns: ['capacity_factor', 'window', 'layer', 'dropped_choices', 'tokens_hurt', 'tokens_dropped'],
        rows: drops.flatMap(({ factor, window, layers, choices, tokens, wholeTokens }) =>
          layers.map((place, row) => [
            factor,
            window,
            facts.layers[place] ?? place,
            choices[row] ?? null,
            tokens[row] ?? null,
            wholeTokens[row] ?? null
          ])
        )
      })}
    >
      {(frame) => (
        <LayerLines
          frame={frame}
          layers={shown.layers}
          lines={[
            { id: 'tokens', label: 'lose one', colour: 'var(--moe)', values: shown.tokens, title: rowTitle },
            { id: 'whole', label: 'lose all', colour: 'var(--ink)', values: shown.wholeTokens, title: rowTitle }
          ]}
          y={{ label: 'dropped tokens', format: formatPercent, from: 0, to: Math.max(0.01, 1.1 * worst) }}
          description={`Tokens that a capacity factor of ${shown.factor} would drop, by layer`}
        />
      )}
    </ChartPanel>
  )
}
