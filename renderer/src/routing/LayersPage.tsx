import { balanceOf, layerOf } from '@core/routing/statistics/balance'
import type { ChoiceCounts } from '@core/routing/statistics/choice-counts'
import { formatRatio } from '../charts/format'
import { Awaited } from './Awaited'
import { LoadMap } from './LoadMap'
import { PlacementPanel } from './PlacementPanel'
import styles from './pages.module.css'
import { layerName, useInspected, useStatistics } from './use-inspected'

/** Layers by experts: any choice, and first choices where they are known. */
export function LayersPage() {
  const { choices } = useStatistics('choices')
  const { facts } = useInspected()
  return (
    <Awaited known={choices}>
      {(counts) => (
        <>
          <UnevenAnswer counts={counts} />
          <LoadMap counts={counts} />
          {facts.kind === 'trace' && <LoadMap counts={counts} which="first" />}
          <PlacementPanel counts={counts} />
        </>
      )}
    </Awaited>
  )
}

/** The layers that use their experts least and most evenly. */
function UnevenAnswer({ counts: { layers, any, experts } }: { counts: ChoiceCounts }) {
  const { facts } = useInspected()
  const busiest = layers.map((place, row) => ({ place, ratio: balanceOf(layerOf(any, row, experts)).maxViolation + 1 }))
  const [worst, ...others] = busiest.sort((a, b) => b.ratio - a.ratio)
  const best = others.at(-1)
  if (!worst) return null
  return (
    <p className={styles.answer}>
      The busiest expert of {layerName(facts, worst.place)} takes <strong>{formatRatio(worst.ratio)}</strong> its even
      share
      {best && `, that of ${layerName(facts, best.place)}, the most even, ${formatRatio(best.ratio)}`}.
    </p>
  )
}
