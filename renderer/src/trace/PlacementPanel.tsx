import { placeExperts } from '@core/routing/balancer/expert-placement'
import { layerOf } from '@core/routing/statistics/balance'
import type { ChoiceCounts } from '@core/routing/statistics/choice-counts'
import { useState } from 'react'
import { useTextScale } from '../app/use-appearance'
import { useWidth } from '../charts/use-size'
import { XYChart } from '../charts/XYChart'
import { ChartPanel } from '../ui/ChartPanel'
import { Choice } from '../ui/Choice'
import styles from './pages.module.css'
import { layerAxis, layerName, useInspected } from './use-inspected'

/** What a load balancer makes of this load: experts on GPUs, the busiest ones several times. */
export function PlacementPanel({ counts }: { counts: ChoiceCounts }) {
  const { facts } = useInspected()
  const textScale = useTextScale()
  const [ref, width] = useWidth()
  const { experts } = counts
  // Only what divides the experts, so that they can also be laid out in their order.
  const sizes = [2, 4, 8, 16, 32, 64].filter((each) => experts % each === 0)
  const [gpus, setGpus] = useState(Math.max(...sizes.filter((each) => each <= 8), 1))
  const [spare, setSpare] = useState(gpus)
  const placed = counts.layers.map((layer, i) => {
    const shape = { replicas: experts + spare, groups: 1, nodes: 1, gpus }
    const { imbalanceBefore = Number.NaN, ...placement } = placeExperts(layerOf(counts.any, i, experts), shape)
    return { layer, before: imbalanceBefore, ...placement }
  })
  const mean = (which: 'imbalance' | 'before') => placed.reduce((sum, each) => sum + each[which], 0) / placed.length
  const points = (which: 'imbalance' | 'before') =>
    placed.map((each) => ({
      x: (facts.layers[each.layer] ?? each.layer) + 1,
      y: each[which],
      title: `${layerName(facts, each.layer)}: the busiest GPU has ${each.before.toFixed(3)} times the mean in order, ${each.imbalance.toFixed(3)} placed`
    }))
  const mark = placed.length > 1 ? ('line' as const) : ('points' as const)
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
            onChange={(chosen) => {
              setGpus(chosen)
              setSpare(chosen)
            }}
          />
          <Choice
            label="Copies"
            value={spare}
            options={[0, 1, 2, 4].map((each) => ({ value: each * gpus, label: `${each * gpus} copies more` }))}
            onChange={setSpare}
          />
        </>
      }
      answer={
        <>
          The busiest GPU has <b>{mean('before').toFixed(2)}×</b> the mean load with experts in order, and{' '}
          <b>{mean('imbalance').toFixed(2)}×</b> placed by EPLB with {spare} copies of busy experts.
        </>
      }
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
      <div ref={ref}>
        <XYChart
          series={[
            { id: 'before', label: 'in order', mark, colour: 'var(--mute)', points: points('before') },
            { id: 'after', label: 'placed', mark, colour: 'var(--moe)', points: points('imbalance') }
          ]}
          x={layerAxis}
          y={{
            label: 'busiest GPU over the mean',
            scale: 'linear',
            format: (value) => value.toFixed(2)
          }}
          references={[{ y: 1, label: 'even' }]}
          width={width}
          height={230}
          textScale={textScale}
          description={`Imbalance of GPUs: ${mean('before').toFixed(2)} in order, ${mean('imbalance').toFixed(2)} placed`}
        />
      </div>
      <p className={styles.note}>
        Replayed on the counts above with DeepSeek’s expert parallelism load balancer, one node and one group of
        experts.
      </p>
    </ChartPanel>
  )
}
