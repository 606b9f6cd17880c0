import type { SweepRun } from '@core/lab/sweep/read-run'
import { useMemo } from 'react'
import { formatCount, formatLoss } from '../charts/format'
import { formatLarge } from '../charts/format-large'
import { lossAxis } from '../charts/loss-axis'
import { XYChart, type XYSeries } from '../charts/XYChart'
import { ChartPanel } from '../ui/ChartPanel'
import { Segments } from '../ui/Segments'
import { floorNear } from './floor'
import type { PictureProps } from './SweepView'
import styles from './SweepView.module.css'
import { figureOf } from './table'
import { useSweepChoices } from './use-sweep'
import { machinesText, settingsText } from './words'

/** More lines than this are drawn faintly, so that one can be told from the others. */
const many = 40

/** Validation losses of all runs on their way. */
export function Curves({ whole, columns, sweep, pointed, onPoint }: PictureProps) {
  const [{ along, run: chosen }, choose] = useSweepChoices()
  const paths = useMemo(() => columns.filter(({ id }) => id.includes('.')).map(({ id }) => id), [columns])
  const drawn = useMemo(() => whole.filter(({ curve }) => curve.length > 1), [whole])
  const series = useMemo(
    () => drawn.map((run) => curveOf(run, along, paths, drawn.length > many)),
    [drawn, along, paths]
  )
  const { references, note } = floorNear(
    drawn,
    drawn.flatMap(({ curve }) => curve.map(([, loss]) => loss))
  )
  if (drawn.length === 0) {
    const reason =
      sweep.from === 'table'
        ? 'A table has no curves: open the folder of the sweep.'
        : 'Curves are those of trainings that are whole, and none of these is.'
    return <p className={styles.note}>{reason}</p>
  }
  return (
    <ChartPanel
      title={`Validation loss of ${drawn.length === 1 ? 'one run' : `${drawn.length} runs`}`}
      fileName={`${sweep.name}-curves`}
      legend="one line a run; blue: dense, orange: MoE"
      aside={
        <Segments
          label="Against"
          value={along}
          options={[
            { value: 'tokens', label: 'tokens' },
            { value: 'flops', label: 'FLOPs' }
          ]}
          onChange={(value) => choose({ along: value })}
        />
      }
      note={`Measured ${machinesText(drawn)}, each run for itself. ${note}`}
      table={() => ({
        columns: ['run', 'characters', 'nats_per_character'],
        rows: drawn.flatMap(({ id, curve }) => curve.map(([characters, loss]) => [id, characters, loss]))
      })}
    >
      {(frame) => (
        <XYChart
          {...frame}
          height={Math.min(frame.height, 640)}
          series={series}
          references={references}
          x={{ label: along === 'tokens' ? 'tokens' : 'training FLOPs', scale: 'log', format: formatLarge }}
          y={lossAxis}
          labelRoom={60}
          marked={pointed ?? (chosen === '' ? undefined : chosen)}
          onHover={onPoint}
          onSelect={(run) => choose({ run })}
          description={`Validation losses of ${drawn.length} runs against ${along}`}
        />
      )}
    </ChartPanel>
  )
}

function curveOf(run: SweepRun, along: 'tokens' | 'flops', paths: readonly string[], isFaint: boolean): XYSeries {
  const { id, curve, varied } = run
  const [last] = curve.at(-1) ?? [1]
  const flops = Number(figureOf(run, 'flops'))
  const name = settingsText(varied, paths) || id
  const isMoe = Number(figureOf(run, 'total')) > Number(figureOf(run, 'active'))
  return {
    id,
    label: '',
    mark: 'line',
    colour: isMoe ? 'var(--moe)' : 'var(--dense)',
    ...(isFaint ? { look: 'faint' } : {}),
    // The first point is before any training, which a logarithmic axis has no place for.
    points: curve
      .filter(([characters]) => characters > 0)
      .map(([characters, loss]) => ({
        x: along === 'tokens' ? characters : (flops * characters) / last,
        y: loss,
        title: `${name}: ${formatLoss(loss)} after ${formatCount(characters)} tokens`
      }))
  }
}
