import { useShallow } from 'zustand/react/shallow'
import { formatCount, formatPercent, formatSpeed } from '../charts/format'
import { formatDifference, formatLarge } from '../charts/format-large'
import { seriesByRole } from '../charts/series-by-role'
import { XYChart } from '../charts/XYChart'
import { useAppState } from '../state/app'
import { ChartPanel } from '../ui/ChartPanel'
import { CommandButton } from '../ui/CommandButton'
import { Panel } from '../ui/Panel'
import styles from './Architectures.module.css'
import { type MeasuredSpeedRow, measuredSpeeds } from './measured-speeds'

/** Predicted over measured speed, for the models that run here. */
export function MeasuredSpeed() {
  const machine = useAppState((state) => state.machine)
  const state = useAppState(
    useShallow(({ contestants, choices, library, speedPoints, replay }) => ({
      contestants,
      choices,
      library,
      speedPoints,
      replay
    }))
  )
  const rows = measuredSpeeds(state, machine)
  const anySpeed = state.speedPoints.length > 0 || state.contestants.some(({ speed }) => speed !== undefined)
  if (rows.length > 0) return <Errors rows={rows} />
  return (
    <Panel title="Can such predictions be believed?">
      <p className={styles.facts}>
        They can be held against speeds of the models that run here. Measure what this machine can do (some seconds),
        and how fast small models write on it (10 to 20 seconds, or a run of Compare).
      </p>
      <div className={styles.buttons}>
        {!machine && <CommandButton id="measure-machine" />}
        {!anySpeed && <CommandButton id="measure-speed" />}
      </div>
    </Panel>
  )
}

function Errors({ rows }: { rows: readonly MeasuredSpeedRow[] }) {
  const byError = [...rows].sort((a, b) => Math.abs(a.relative) - Math.abs(b.relative))
  const [middle, worst] = [byError[Math.floor(byError.length / 2)], byError.at(-1)]
  const series = seriesByRole(
    rows,
    ({ kind }) => kind,
    ({ name, total, relative, predicted, measured }) => ({
      x: total,
      y: predicted / measured,
      title: `${name}: predicted ${formatSpeed(predicted)}, measured ${formatSpeed(measured)} tokens/s (${formatDifference(relative)})`
    })
  )
  return (
    <ChartPanel
      title="Can such predictions be believed?"
      fileName="predicted-and-measured-speed"
      legend="measured here, in this session"
      table={() => ({
        columns: ['model', 'total', 'predicted_tokens_per_s', 'measured_tokens_per_s', 'relative_error'],
        rows: rows.map(({ name, total, predicted, measured, relative }) => [name, total, predicted, measured, relative])
      })}
      answer={
        middle &&
        `Half of the ${rows.length} predictions are within ${formatPercent(Math.abs(middle.relative))} of the measured speed${worst && rows.length > 1 ? `; ${worst.name} is furthest, ${formatDifference(worst.relative)}` : ''}. Fixed cost, caches and arithmetic were measured apart from these models; programs that run beside them make measured speeds lower.`
      }
    >
      {(frame) => (
        <XYChart
          {...frame}
          series={series}
          references={[{ y: 1, label: 'as predicted' }]}
          x={{ label: 'total parameters', scale: 'log', format: formatCount }}
          y={{ label: 'decode speed, predicted over measured', scale: 'log', format: formatLarge }}
          labelRoom={90}
          height={220}
          description={rows.map(({ name, relative }) => `${name}: ${formatDifference(relative)}`).join('; ')}
        />
      )}
    </ChartPanel>
  )
}
