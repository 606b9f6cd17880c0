import { halfInterval } from '@core/evaluate/paired-losses'
import { isFamilySize } from '@core/scaling/dense-family'
import { formatChange, formatLoss } from '../charts/format'
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
  const lossOf = ({ before }: Sweep, { delta }: { readonly delta: number }) => (model.loss?.mean ?? before.loss) + delta
  const colourOf = (i: number) =>
    `color-mix(in oklab, var(--${model.role}) ${100 - 25 * (sweeps.length - 1 - i)}%, var(--mute))`
  const shown = sweeps.slice(-mostSweeps)
  const lines = shown.flatMap((sweep, i) => [
    { sweep, colour: colourOf(i), isLast: i === shown.length - 1 },
    ...(sweep.baseline ? [{ sweep: sweep.baseline, colour: 'var(--mute)', isLast: false }] : [])
  ])
  const swept: XYSeries[] = lines.map(({ sweep, colour, isLast }) => ({
    id: sweep.id,
    label: sweep.name,
    mark: 'line',
    dots: true,
    colour,
    look: isLast ? 'plain' : 'dashed',
    points: [
      { x: sweep.before.bytes, y: lossOf(sweep, { delta: 0 }), title: `${model.id} as it was` },
      ...sweep.measured.map((point) => pointOf(sweep, point, lossOf(sweep, point)))
    ]
  }))
  const shipped = models.flatMap(({ id, own, role, total, loss, architecture }) =>
    own || !loss ? [] : [{ id, role, architecture, x: floatBytes * total, y: loss.mean }]
  )
  const sizes = shipped.filter(({ architecture }) => isFamilySize(architecture))
  const others = shipped.filter((each) => !sizes.includes(each))
  const named = ({ id, x, y }: (typeof shipped)[number]) => ({
    x,
    y,
    name: id,
    title: `${id}, float32: loss ${formatLoss(y)}`
  })
  const family: XYSeries[] = [
    {
      id: 'family',
      label: '',
      mark: 'line',
      dots: true,
      colour: 'var(--dense)',
      look: 'faint',
      points: sizes.map(named)
    },
    ...(['dense', 'moe'] as const).map(
      (role): XYSeries => ({
        id: role,
        label: '',
        mark: 'points',
        colour: `var(--${role})`,
        look: 'faint',
        points: others.filter((each) => each.role === role).map(named)
      })
    )
  ]
  // Destroyed models would press all others to the ground.
  const best = shown.at(-1)?.measured.reduce((least, { delta }) => Math.min(least, delta), Number.POSITIVE_INFINITY)
  const own = model.loss?.mean ?? 0
  const top = margin + Math.max(own, ...shipped.map(({ y }) => y), Number.isFinite(best) ? own + (best ?? 0) : 0)
  const above = lines.flatMap(({ sweep }) => {
    const values = sweep.measured.filter((point) => lossOf(sweep, point) > top).map((point) => valueOf(point, sweep))
    if (values.length === 0) return []
    return [`${sweep.name} ${values.length === sweep.points.length ? 'as a whole' : values.join(', ')}`]
  })
  // The model as it was is no line by itself.
  const drawn = swept
    .map((series) => ({ ...series, points: series.points.filter(({ y }) => y <= top) }))
    .filter(({ points }) => points.length > 1)
  return (
    <ChartPanel
      title="Loss against bytes of the weights"
      fileName={`${model.id}-compression`}
      legend={
        <>
          {shown.length > 0 && (
            <>
              <b style={{ color: `var(--${model.role})` }}>━</b> {model.id}, measured here{' '}
            </>
          )}
          <b style={{ color: 'var(--dense)' }}>●</b> dense <b style={{ color: 'var(--moe)' }}>●</b> MoE, as shipped in
          float32
        </>
      }
      note={
        <>
          {shown.length > 0 &&
            'Of compressed models: their loss before, as the other points have it, and the difference that was measured here. '}
          {above.length > 0 && `Above the chart: ${above.join('; ')}.`}
        </>
      }
      table={() => ({
        columns: ['transform', 'value', 'bytes', 'total_parameters', 'loss', 'delta', 'standard_error'],
        rows: lines.flatMap(({ sweep }) =>
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
          series={[...family, ...drawn]}
          x={{ label: 'bytes of the weights', scale: 'log', format: formatBytes }}
          y={{ label: 'loss, nats per character', scale: 'linear', format: (value) => value.toFixed(2) }}
          {...(model.floor === null ? {} : { references: [{ y: model.floor, label: 'floor' }] })}
          labelRoom={165}
          description={`Loss against the bytes of the weights: the shipped models, and ${model.id} by ${sweeps.map(({ name }) => name).join(', ') || 'nothing yet'}`}
        />
      )}
    </ChartPanel>
  )
}

/** Room above the highest point, in nats per character. */
const margin = 0.1

/** Sweeps that are drawn: the last ones. */
const mostSweeps = 4

function pointOf(sweep: Sweep, point: MeasuredPoint, loss: number) {
  const half = halfInterval * (point.standardError ?? 0)
  return {
    x: point.bytes,
    y: loss,
    low: loss - half,
    high: loss + half,
    name: valueOf(point, sweep),
    title: `${sweep.setting} ${valueOf(point, sweep)}: ${formatBytes(point.bytes)}, loss ${formatLoss(loss)} (${formatChange(point.delta)} ± ${half.toFixed(3)})`
  }
}
