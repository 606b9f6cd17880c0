import { moeLayers } from '@core/arch/architecture'
import { formatExact, formatPercent, formatRatio } from '../charts/format'
import { Heatmap } from '../charts/Heatmap'
import { useAppState } from '../state/app'
import { ChartPanel } from '../ui/ChartPanel'

/** The load of every expert of the models that come with the app, from their training reports. */
export function ShippedLoads() {
  const models = useAppState(({ library }) => library?.models)
  const rows = (models ?? [])
    .filter(({ own }) => !own)
    .flatMap(({ id, architecture, loads }) =>
      loads.map((counts, place) => ({ id, layer: moeLayers(architecture)[place] ?? place, counts }))
    )
  const [first] = rows
  if (!first) return null
  const experts = first.counts.length
  const alike = rows.filter(({ counts }) => counts.length === experts)
  const share = (row: number, expert: number) => {
    const counts = alike[row]?.counts ?? []
    return (counts[expert] ?? 0) / counts.reduce((sum, count) => sum + count, 0)
  }
  const nameOf = (row: number) => `${alike[row]?.id}, layer ${alike[row]?.layer}`
  return (
    <ChartPanel
      title="Load of every expert of the shipped models"
      fileName="shipped-loads"
      legend="shipped: counted on the validation text at the end of each training"
      answer="With a load-balancing loss every expert gets about its share; without one, a few experts take most tokens."
      table={() => ({
        columns: ['model', 'layer', 'expert', 'assignments', 'share'],
        rows: alike.flatMap(({ id, layer, counts }, row) =>
          counts.map((count, expert) => [id, layer, expert, count, share(row, expert)])
        )
      })}
    >
      {(frame) => (
        <Heatmap
          {...frame}
          rows={alike.map((_, row) => nameOf(row))}
          columns={Array.from({ length: experts }, (_, expert) => String(expert))}
          rowTitle="layer"
          columnTitle="expert"
          unit="its even share"
          ratio={(row, expert) => share(row, expert) * experts}
          title={(row, expert) =>
            `${nameOf(row)}, expert ${expert}: ${formatPercent(share(row, expert))} of assignments, ` +
            `${formatRatio(share(row, expert) * experts)} its even share, ${formatExact(alike[row]?.counts[expert] ?? 0)} tokens`
          }
          description="Load of each expert of the shipped models by layer, as a ratio to its even share"
        />
      )}
    </ChartPanel>
  )
}
