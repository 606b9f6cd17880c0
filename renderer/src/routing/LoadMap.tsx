import type { ChoiceCounts } from '@core/routing/statistics/choice-counts'
import { formatExact, formatPercent, formatRatio } from '../charts/format'
import type { Frame } from '../charts/frame'
import { Heatmap } from '../charts/Heatmap'
import { ChartPanel } from '../ui/ChartPanel'
import { Awaited } from './Awaited'
import { layerName, useInspected, useStatistics } from './use-inspected'

/** The load of every expert in the part that is chosen, large: it stands where a page has nothing else to show yet. */
export function LoadOfTrace() {
  const { choices } = useStatistics('choices')
  return <Awaited known={choices}>{(counts) => <LoadMap counts={counts} large />}</Awaited>
}

interface LoadMapProps {
  readonly counts: ChoiceCounts
  readonly which?: 'any' | 'first'
  /** Rows of few layers fill up to half of the window. */
  readonly large?: boolean
}

/** The load of every expert of every layer, against its even share; a cell leads to its expert. */
export function LoadMap({ counts, which = 'any', large = false }: LoadMapProps) {
  const { facts, layer, expert, inspect } = useInspected()
  const { experts } = counts
  const chosen = counts[which]
  const totals = counts.layers.map((_, row) =>
    chosen.subarray(row * experts, (row + 1) * experts).reduce((sum, count) => sum + count, 0)
  )
  const share = (row: number, column: number) => (chosen[row * experts + column] ?? 0) / Math.max(1, totals[row] ?? 0)
  const height = (frame: Frame) => Math.min(96, frame.height / 2 / counts.layers.length)
  const names = Array.from({ length: experts }, (_, each) => String(each))
  return (
    <ChartPanel
      title={which === 'any' ? 'Load of every expert' : 'First choices of every expert'}
      fileName={which === 'any' ? 'load' : 'first-choices'}
      table={() => ({
        columns: ['layer', 'expert', 'tokens', 'share'],
        rows: counts.layers.flatMap((place, row) =>
          names.map((_, column) => [
            facts.layers[place] ?? place,
            column,
            chosen[row * experts + column] ?? 0,
            share(row, column)
          ])
        )
      })}
    >
      {(frame) => (
        <Heatmap
          {...frame}
          {...(large && height(frame) > 28 && { rowHeight: height(frame) })}
          rows={counts.layers.map((place) => String(facts.layers[place] ?? place))}
          columns={names}
          rowTitle="layer"
          columnTitle="expert"
          unit="its even share"
          ratio={(row, column) => share(row, column) * experts}
          title={(row, column) =>
            `${layerName(facts, counts.layers[row] ?? row)}, expert ${column}: ${formatPercent(share(row, column))} of choices, ` +
            `${formatRatio(share(row, column) * experts)} its even share, ${formatExact(chosen[row * experts + column] ?? 0)} tokens`
          }
          description="Load of each expert by layer, as a ratio to its even share"
          selected={{ row: Math.max(0, counts.layers.indexOf(layer)), column: expert }}
          onSelect={(row, column) => inspect({ layer: counts.layers[row] ?? row, expert: column })}
        />
      )}
    </ChartPanel>
  )
}
