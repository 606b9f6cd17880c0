import { placeExperts } from '@core/routing/balancer/expert-placement'
import { layerOf } from '@core/routing/statistics/balance'
import type { ChoiceCounts } from '@core/routing/statistics/choice-counts'
import { ChartPanel } from '../ui/ChartPanel'
import { Choice } from '../ui/Choice'
import { LayerLines } from './LayerLines'
import { useInspected } from './use-inspected'

/** The load balancer's placement for this load: experts on GPUs, the busiest ones replicated. */
export function PlacementPanel({ counts }: { counts: ChoiceCounts }) {
  const { facts, inspection, inspect } = useInspected()
  const { experts } = counts
  // Only what divides the experts, so that they can also be laid out in their order.
  const sizes = [2, 4, 8, 16, 32, 64].filter((each) => experts % each === 0)
  const usual = Math.max(...sizes.filter((each) => each <= 8), 1)
  const gpus = sizes.find((each) => each === inspection.gpus) ?? usual
  const spare = inspection.copies * gpus
  const placed = counts.layers.map((layer, i) => {
    const shape = { replicas: experts + spare, groups: 1, nodes: 1, gpus }
    const { imbalanceBefore = Number.NaN, ...placement } = placeExperts(layerOf(counts.any, i, experts), shape)
    return { layer, before: imbalanceBefore, ...placement }
  })
  const mean = (which: 'imbalance' | 'before') => placed.reduce((sum, each) => sum + each[which], 0) / placed.length
  const rowTitle = (row: number) =>
    `the busiest GPU has ${placed[row]?.before.toFixed(3)} times the mean in order, ${placed[row]?.imbalance.toFixed(3)} placed`
  if (sizes.length === 0) return null
  return (
    <ChartPanel
      title="Placed on GPUs by a load balancer"
      fileName="placement"
      aside={
        <>
          <Choice
            label="GPUs"
            value={gpus}
            options={sizes.map((each) => ({ value: each, label: `${each} GPUs` }))}
            onChange={(gpus) => inspect({ gpus, copies: 1 })}
          />
          <Choice
            label="Copies"
            value={inspection.copies}
            options={[...new Set([0, 1, 2, 4, inspection.copies])].map((each) => ({
              value: each,
              label: `${each * gpus} copies more`
            }))}
            onChange={(copies) => inspect({ copies })}
          />
        </>
      }
      answer={
        <>
          The busiest GPU has <b>{mean('before').toFixed(2)}×</b> the mean load with experts in order, and{' '}
          <b>{mean('imbalance').toFixed(2)}×</b> placed by EPLB with {spare} copies of busy experts.
        </>
      }
      note="Replayed on the counts above with DeepSeek’s expert parallelism load balancer, one node and one group of experts."
      table={() => ({
        columns: ['layer', 'imbalance_before', 'imbalance', 'gpu_loads', 'place_to_expert'],
        rows: placed.map((each) => [
          facts.layers[each.layer] ?? each.layer,
          each.before,
          each.imbalance,
          [...each.gpuLoads].map((load) => load.toFixed(1)).join(' '),
          [...each.placeToExpert].join(' ')
        ])
      })}
    >
      {(frame) => (
        <LayerLines
          frame={frame}
          layers={counts.layers}
          lines={[
            {
              id: 'before',
              label: 'in order',
              colour: 'var(--mute)',
              values: placed.map(({ before }) => before),
              title: rowTitle
            },
            {
              id: 'after',
              label: 'placed',
              colour: 'var(--moe)',
              values: placed.map(({ imbalance }) => imbalance),
              title: rowTitle
            }
          ]}
          y={{ label: 'imbalance: busiest GPU over the mean', format: (value) => value.toFixed(2) }}
          references={[{ y: 1, label: 'even' }]}
          description={`Imbalance of GPUs: ${mean('before').toFixed(2)} in order, ${mean('imbalance').toFixed(2)} placed`}
        />
      )}
    </ChartPanel>
  )
}
