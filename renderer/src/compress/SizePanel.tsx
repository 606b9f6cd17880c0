import { formatLoss } from '../charts/format'
import { formatBytes } from '../charts/format-large'
import { XYChart, type XYSeries } from '../charts/XYChart'
import type { LibraryModel } from '../state/library'
import { ChartPanel } from '../ui/ChartPanel'
import { type MeasuredPoint, type Sweep, valueOf } from './sweeps'

/** Bytes of a weight in a checkpoint of float32. */
const floatBytes = 4

interface SizePanelProps {
  readonly model: LibraryModel
  readonly sweeps: readonly Sweep[]
  readonly models: readonly LibraryModel[]
}

/** Loss against bytes: every sweep of the model, and the shipped models as they were trained. */
export function SizePanel({ model, sweeps, models }: SizePanelProps) {
  // One text for all points of the chart: the shipped loss, changed by as much as was measured here.
  const lossOf = ({ compression: { before } }: Sweep, { delta }: { readonly delta: number }) =>
    (model.loss?.mean ?? before.loss) + delta
  const colourOf = (i: number) =>
    `color-mix(in oklab, var(--${model.role}) ${100 - 25 * (sweeps.length - 1 - i)}%, var(--mute))`
  const shown = sweeps.slice(-mostSweeps)
  const swept: XYSeries[] = shown.map((sweep, i) => ({
    id: sweep.id,
    label: sweep.name,
    mark: 'line',
    dots: true,
    colour: colourOf(sweeps.length - shown.length + i),
    look: i === shown.length - 1 ? 'plain' : 'dashed',
    points: [
      { x: sweep.compression.before.bytes, y: lossOf(sweep, { delta: 0 }), title: `${model.id} as it was` },
      ...sweep.measured.map((point) => pointOf(sweep, point, lossOf(sweep, point)))
    ]
  }))
  const family = (['dense', 'moe'] as const).map((role): XYSeries => {
    const points = models.flatMap(({ id, own, role: its, total, loss }) =>
      own || its !== role || !loss
        ? []
        : [{ x: floatBytes * total, y: loss.mean, name: id, title: `${id}, float32: loss ${formatLoss(loss.mean)}` }]
    )
    return { id: role, label: '', mark: 'points', colour: `var(--${role})`, look: 'faint', points }
  })
  return (
    <ChartPanel
      title="Loss against bytes of the weights"
      fileName={`${model.id}-compression`}
      legend={
        <>
          <b style={{ color: `var(--${model.role})` }}>━</b> {model.id}, measured here{' '}
          <b style={{ color: 'var(--dense)' }}>●</b> dense <b style={{ color: 'var(--moe)' }}>●</b> MoE, as shipped in
          float32
        </>
      }
      note={
        model.loss
          ? 'Of compressed models: the shipped loss and the difference that was measured here, on the same text before and after.'
          : undefined
      }
      table={() => ({
        columns: ['transform', 'value', 'bytes', 'total_parameters', 'loss', 'delta', 'standard_error'],
        rows: sweeps.flatMap((sweep) =>
          sweep.measured.map((point) => [
            sweep.name,
            valueOf(point, sweep),
            point.bytes,
            point.total,
            lossOf(sweep, point),
            point.delta,
            point.standardError
          ])
        )
      })}
    >
      {(frame) => (
        <XYChart
          {...frame}
          series={[...family, ...swept]}
          x={{ label: 'bytes of the weights', scale: 'log', format: formatBytes }}
          y={{ label: 'loss, nats per character', scale: 'linear', format: (value) => value.toFixed(1) }}
          {...(model.floor === null ? {} : { references: [{ y: model.floor, label: 'floor' }] })}
          labelRoom={150}
          description={`Loss of ${model.id} against the bytes of its weights, by ${sweeps.map(({ name }) => name).join(', ')}`}
        />
      )}
    </ChartPanel>
  )
}

/** Sweeps that are drawn: the last ones. */
const mostSweeps = 4

function pointOf(sweep: Sweep, point: MeasuredPoint, loss: number) {
  const half = 1.96 * (point.standardError ?? 0)
  return {
    x: point.bytes,
    y: loss,
    low: loss - half,
    high: loss + half,
    name: valueOf(point, sweep),
    title: `${sweep.setting} ${valueOf(point, sweep)}: ${formatBytes(point.bytes)}, loss ${formatLoss(loss)} (${point.delta >= 0 ? '+' : '−'}${Math.abs(point.delta).toFixed(3)} ± ${half.toFixed(3)})`
  }
}
