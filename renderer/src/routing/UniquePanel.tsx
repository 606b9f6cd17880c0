import type { UniqueExperts } from '@core/routing/statistics/unique-experts'
import { formatExact } from '../charts/format'
import { XYChart } from '../charts/XYChart'
import { ChartPanel } from '../ui/ChartPanel'
import { NumberInput } from '../ui/NumberInput'
import { type Known, layerName, useInspected } from './use-inspected'

/** Unique experts that a batch reads from memory, over batch sizes. */
export function UniquePanel({ known }: { known: readonly Known<UniqueExperts>[] }) {
  const { facts, layer, inspection, inspect } = useInspected()
  const found = known.flatMap((each) => (each.status === 'known' ? [each.value] : []))
  const counted = found.filter(({ batches }) => batches > 0)
  const at = (each: UniqueExperts) => each.unique[each.layers.indexOf(layer)] ?? Number.NaN
  const title = (each: UniqueExperts) =>
    `${formatExact(each.batch)} tokens reach ${at(each).toFixed(2)} experts, at random ${each.baseline.toFixed(2)}`
  const point = (each: UniqueExperts, y: number) => ({ x: each.batch, y, title: title(each) })
  const chosen = found.find(({ batch }) => batch === inspection.batch)
  return (
    <ChartPanel
      title="How many experts does a batch read?"
      fileName="unique-experts"
      aside={
        <NumberInput
          label="Tokens in a batch"
          value={inspection.batch}
          min={1}
          max={65_536}
          onChange={(batch) => inspect({ batch })}
        />
      }
      answer={
        chosen && chosen.batches === 0 ? (
          `There are fewer than ${formatExact(chosen.batch)} tokens.`
        ) : chosen ? (
          <>
            {formatExact(chosen.batch)} tokens reach <b>{at(chosen).toFixed(1)}</b> of {facts.experts} experts in{' '}
            {layerName(facts, layer)}; at random {chosen.baseline.toFixed(1)}, which is E (1 − (1 − k/E)ⁿ).
          </>
        ) : (
          'Counting …'
        )
      }
      table={() => ({
        columns: ['batch', 'layer', 'unique_experts', 'random'],
        rows: counted.flatMap((each) =>
          each.layers.map((place, i) => [
            each.batch,
            facts.layers[place] ?? place,
            each.unique[i] ?? null,
            each.baseline
          ])
        )
      })}
    >
      {(frame) => (
        <XYChart
          {...frame}
          series={[
            {
              id: 'random',
              label: 'random',
              mark: 'line',
              look: 'dashed',
              colour: 'var(--mute)',
              points: counted.map((each) => point(each, each.baseline))
            },
            {
              id: 'measured',
              label: 'measured',
              mark: 'line',
              colour: 'var(--moe)',
              points: counted.map((each) => point(each, at(each)))
            },
            {
              id: 'chosen',
              label: '',
              mark: 'points',
              colour: 'var(--moe)',
              points: chosen && chosen.batches > 0 ? [point(chosen, at(chosen))] : []
            }
          ]}
          x={{ label: 'tokens in a batch', scale: 'log', format: formatExact }}
          y={{
            label: 'unique experts',
            scale: 'linear',
            format: (value) => value.toFixed(0),
            from: 0,
            to: facts.experts
          }}
          height={230}
          description={counted.map(title).join('; ')}
        />
      )}
    </ChartPanel>
  )
}
