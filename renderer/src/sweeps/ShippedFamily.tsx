import { formatCount } from '../charts/format'
import { lossAxis } from '../charts/loss-axis'
import { seriesByRole } from '../charts/series-by-role'
import { XYChart } from '../charts/XYChart'
import { useAppState } from '../state/app'
import { ChartPanel } from '../ui/ChartPanel'
import { seedsText, spreadText } from './words'

/** The models that come with the app, which are a sweep, as the picture of one: loss against active parameters. */
export function ShippedFamily() {
  const models = useAppState(({ library }) => library?.models)
  const shown = (models ?? []).flatMap(({ id, role, own, loss, active }) =>
    own || !loss ? [] : [{ id, role, active: active.all, ...loss }]
  )
  if (shown.length === 0) return null
  return (
    <ChartPanel
      title="A sweep that is here: the models that come with the app"
      fileName="shipped-sweep"
      legend="shipped; bars: one standard deviation over seeds; blue: dense, orange: MoE"
      answer="One recipe and one text for every size and router: what experts buy is the distance from the dense models."
      table={() => ({
        columns: ['model', 'role', 'active', 'loss', 'deviation', 'seeds'],
        rows: shown.map(({ id, role, active, mean, deviation, seeds }) => [id, role, active, mean, deviation, seeds])
      })}
    >
      {(frame) => (
        <XYChart
          {...frame}
          height={Math.min(frame.height, 460)}
          series={seriesByRole(
            shown,
            ({ role }) => role,
            ({ id, active, mean, deviation, seeds }) => ({
              x: active,
              y: mean,
              low: mean - (deviation ?? 0),
              high: mean + (deviation ?? 0),
              name: id,
              title: `${id}: ${spreadText({ mean, deviation })}, ${seedsText(seeds)}`
            })
          )}
          x={{ label: 'active parameters', scale: 'log', format: formatCount }}
          y={lossAxis}
          labelRoom={0}
          description={`Losses of ${shown.length} shipped models against their active parameters`}
        />
      )}
    </ChartPanel>
  )
}
