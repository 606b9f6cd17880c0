import { memo } from 'react'
import { formatExact, formatPercent } from '../charts/format'
import { Heatmap } from '../charts/Heatmap'
import { ChartPanel } from '../ui/ChartPanel'
import { layerLoads } from './load-figures'
import type { LoadStretch } from './state'
import type { LabTraining } from './trainings'
import { isSameAll } from './use-lab'

/** Load of every expert of a run as it learns, stretch by stretch of its steps. */
export const LoadPanel = memo(Load, (before, after) => isSameAll([before.training], [after.training]))

function Load({ training: { name, record, shown } }: { training: LabTraining }) {
  const loads = shown?.loads ?? []
  const last = loads.at(-1)
  if (!last) return null
  const columns = loads.map((stretch) => layerLoads(stretch))
  const rows = last.counts.flatMap((experts, layer) => experts.map((_, expert) => ({ layer, expert })))
  const share = (row: number, column: number) => {
    const { layer = 0, expert = 0 } = rows[row] ?? {}
    return columns[column]?.[layer]?.shares[expert] ?? Number.NaN
  }
  const nameOf = (row: number) => `${rows[row]?.layer}.${rows[row]?.expert}`
  return (
    <ChartPanel
      title={`Load while it learns: ${name}`}
      fileName={`${record?.id ?? 'training'}-load`}
      legend="share of each layer's assignments, of the batches of the training; measured here"
      answer={loadSentence(last)}
      table={() => ({
        columns: ['layer', 'expert', 'step', 'load'],
        rows: loads.flatMap(({ step }, column) =>
          rows.map(({ layer, expert }, row) => [layer, expert, step, share(row, column)])
        )
      })}
    >
      {({ width, textScale, theme }) => (
        <Heatmap
          rows={rows.map((_, row) => nameOf(row))}
          columns={loads.map(({ step }) => formatExact(step))}
          rowTitle="layer.expert"
          columnTitle="training step"
          ratio={(row, column) => share(row, column) * (last.counts[rows[row]?.layer ?? 0]?.length ?? 0)}
          unit="its even share"
          title={(row, column) =>
            `layer ${rows[row]?.layer}, expert ${rows[row]?.expert}, step ${loads[column]?.step}: ${formatPercent(share(row, column))}`
          }
          rowHeight={12 * textScale}
          width={width}
          textScale={textScale}
          theme={theme}
          description={loadSentence(last)}
        />
      )}
    </ChartPanel>
  )
}

function loadSentence(stretch: LoadStretch): string {
  const layers = layerLoads(stretch)
  const dead = layers.reduce((sum, each) => sum + each.dead, 0)
  const entropies = layers.map(({ entropy }, layer) => `${entropy.toFixed(3)} in layer ${layer}`).join(', ')
  return `Up to step ${stretch.step}: entropy of the load ${entropies} (1 when even); ${dead === 1 ? '1 dead expert' : `${dead} dead experts`}.`
}
