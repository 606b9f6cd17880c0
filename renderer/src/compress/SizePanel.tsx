import { canonicalJson } from '@core/canonical-json'
import { compressSpeedForm } from '@core/lab/kinds/compress-speed'
import { isFamilySize } from '@core/scaling/dense-family'
import { formatChange, formatCount, formatLoss, formatSpeed } from '../charts/format'
import { formatBytes } from '../charts/format-large'
import { lossAxis } from '../charts/loss-axis'
import { seriesByRole } from '../charts/series-by-role'
import { XYChart, type XYPoint, type XYSeries } from '../charts/XYChart'
import { RunProgress } from '../lab/RunProgress'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import type { LibraryModel } from '../state/library'
import { Button } from '../ui/Button'
import { ChartPanel } from '../ui/ChartPanel'
import { Segments } from '../ui/Segments'
import { worthText } from '../words/model-words'
import styles from './CompressView.module.css'
import type { CompressChoices } from './choices'
import { measureSpeeds, runOf, speedsOf } from './findings'
import { intervalOf, intervalText } from './interval'
import { type MeasuredPoint, type Sweep, valueOf } from './sweeps'
import { effectiveAfter, heightOf } from './worth'

/** Bytes of a weight in a checkpoint of float32. */
const floatBytes = 4

interface SizePanelProps {
  readonly model: LibraryModel
  readonly sweeps: readonly Sweep[]
  readonly models: readonly LibraryModel[]
}

/** Loss or effective parameters against bytes or speed: every sweep of the model, and the shipped models as they are. */
export function SizePanel({ model, sweeps, models }: SizePanelProps) {
  const app = useApp()
  const { x, y } = useAppState(({ choices }) => choices.compress)
  const runs = useAppState((state) => state.runs)
  const findings = useAppState((state) => state.findings)
  const family = useAppState(({ library }) => library?.family)
  const choose = (changes: Partial<CompressChoices>) =>
    app.choose({ compress: { ...app.store.getState().choices.compress, ...changes } })
  const last = sweeps.at(-1)
  const measuring = runOf(runs, compressSpeedForm, model.id)

  // One text for all points of the chart: the shipped loss, changed by as much as was measured here.
  const lossOf = ({ before }: Sweep, { delta }: { readonly delta: number }) => (model.loss?.mean ?? before.loss) + delta
  const shown = sweeps.slice(-mostSweeps)
  const lines = shown.flatMap((sweep, i) => [
    { sweep, colour: colourOf(model, shown.length - 1 - i), isLast: i === shown.length - 1 },
    ...(sweep.baseline ? [{ sweep: sweep.baseline, colour: 'var(--mute)', isLast: false }] : [])
  ])

  const placeOf = (sweep: Sweep, point: Pick<MeasuredPoint, 'chain' | 'bytes'> | undefined): Place | undefined => {
    if (x === 'bytes') {
      const bytes = point?.bytes ?? sweep.before.bytes
      return { x: bytes, text: formatBytes(bytes) }
    }
    const speeds = speedsOf({ runs, findings }, sweep)
    const pair = point ? speeds?.find(({ chain }) => canonicalJson(chain) === canonicalJson(point.chain)) : speeds?.[0]
    const speed = point ? pair?.after : pair?.before
    return (
      speed && {
        x: speed.median,
        text: `${formatSpeed(speed.median)} tokens/s (${formatSpeed(speed.low)} – ${formatSpeed(speed.high)})`
      }
    )
  }
  const heightIn = (sweep: Sweep, point: MeasuredPoint | undefined): Height | undefined => {
    const delta = point?.delta ?? 0
    if (y === 'effective') {
      const effective = effectiveAfter(model, family, { delta })
      const height = effective && heightOf(effective)
      return height && { ...height, text: `${worthText({ effective })} effective parameters` }
    }
    const loss = lossOf(sweep, { delta })
    const interval = point && intervalOf(point)
    const change = point ? ` (${formatChange(delta)} ${intervalText(point)})` : ''
    return {
      y: loss,
      ...(interval && { low: loss + interval.low - delta, high: loss + interval.high - delta }),
      text: `loss ${formatLoss(loss)}${change}`
    }
  }
  const pointOf = (sweep: Sweep, point: MeasuredPoint | undefined): XYPoint[] => {
    const [place, height] = [placeOf(sweep, point), heightIn(sweep, point)]
    if (!place || !height) return []
    const name = point ? `${sweep.setting} ${valueOf(point, sweep)}` : `${model.id} as it was`
    const { text, ...at } = height
    return [
      { ...at, x: place.x, ...(point && { name: valueOf(point, sweep) }), title: `${name}: ${place.text}, ${text}` }
    ]
  }
  const swept: XYSeries[] = lines.map(({ sweep, colour, isLast }) => ({
    id: sweep.id,
    label: sweep.name,
    mark: 'line',
    dots: true,
    colour,
    look: isLast ? 'plain' : 'dashed',
    points: [undefined, ...sweep.measured].flatMap((point) => pointOf(sweep, point))
  }))

  const shipped = models.flatMap((each) => {
    const height = each.own || !each.loss ? undefined : shippedHeight(each, y)
    return height ? [{ ...each, place: floatBytes * each.total, height }] : []
  })
  const sizes = shipped.filter(({ architecture }) => isFamilySize(architecture))
  const others = shipped.filter((each) => !sizes.includes(each))
  const named = ({ id, place, height: { text, ...at } }: (typeof shipped)[number]): XYPoint => ({
    ...at,
    x: place,
    name: id,
    title: `${id}, float32: ${text}`
  })
  const family32: XYSeries[] = [
    { ...faint, id: 'family', mark: 'line', dots: true, colour: 'var(--dense)', points: sizes.map(named) },
    ...seriesByRole(others, ({ role }) => role, named).map((series) => ({ ...series, ...faint }))
  ]
  // Destroyed models would press all others to the ground.
  const best = last?.measured.reduce((least, { delta }) => Math.min(least, delta), Number.POSITIVE_INFINITY)
  const own = model.loss?.mean ?? 0
  const top =
    y === 'effective'
      ? Number.POSITIVE_INFINITY
      : margin + Math.max(own, ...shipped.map(({ height }) => height.y), Number.isFinite(best) ? own + (best ?? 0) : 0)
  const above = lines.flatMap(({ sweep }) => {
    if (y === 'effective') return []
    const values = sweep.measured.filter((point) => lossOf(sweep, point) > top).map((point) => valueOf(point, sweep))
    if (values.length === 0) return []
    return [`${sweep.name} ${values.length === sweep.points.length ? 'as a whole' : values.join(', ')}`]
  })
  // The model as it was is no line by itself.
  const drawn = swept
    .map((series) => ({ ...series, points: series.points.filter((point) => point.y <= top) }))
    .filter(({ points }) => points.length > 1)
  const series = x === 'bytes' ? [...family32, ...drawn] : drawn
  const yLabel = y === 'loss' ? lossAxis : effectiveAxis
  return (
    <ChartPanel
      title={`${y === 'loss' ? 'Loss' : 'Effective parameters'} against ${x === 'bytes' ? 'bytes of the weights' : 'tokens/s'}`}
      fileName={`${model.id}-compression`}
      legend={
        <>
          {shown.length > 0 && (
            <>
              <b style={{ color: `var(--${model.role})` }}>━</b> {model.id}, measured here{' '}
            </>
          )}
          {x === 'bytes' && (
            <>
              <b style={{ color: 'var(--dense)' }}>●</b> dense <b style={{ color: 'var(--moe)' }}>●</b> MoE, as shipped
              in float32
            </>
          )}
        </>
      }
      aside={
        <span className={styles.axes}>
          <Segments
            label="Vertical axis"
            value={y}
            options={verticalAxes}
            onChange={(chosen) => choose({ y: chosen })}
          />
          against
          <Segments
            label="Horizontal axis"
            value={x}
            options={horizontalAxes}
            onChange={(chosen) => choose({ x: chosen })}
          />
          {x === 'speed' &&
            last &&
            (measuring ? (
              <RunProgress run={measuring} />
            ) : (
              <Button
                disabled={last.measured.length === 0}
                onClick={() => attempt(app, () => measureSpeeds(app, last))}
              >
                Measure tokens/s
              </Button>
            ))}
        </span>
      }
      note={
        <>
          {shown.length > 0 &&
            'Of compressed models: their loss before, as the other points have it, and the difference that was measured here. '}
          {y === 'effective' &&
            'Read from the shipped dense models; a size beyond them stands at the nearest of them. '}
          {x === 'speed' &&
            'Each writes in turns with the model as it was. Weights of few bits and single zeros are computed as floats here: they save bytes and no time. Fewer experts save memory, fewer layers save time. '}
          {above.length > 0 && `Above the chart: ${above.join('; ')}.`}
        </>
      }
      table={() => ({
        columns: ['transform', 'value', 'bytes', 'total_parameters', 'loss', 'delta', 'standard_error', 'tokens_per_s'],
        rows: lines.flatMap(({ sweep }) =>
          sweep.measured.map((point) => [
            sweep.name,
            valueOf(point, sweep),
            point.bytes,
            point.total,
            lossOf(sweep, point),
            point.delta,
            point.standardError,
            speedsOf({ runs, findings }, sweep)?.find(
              ({ chain }) => canonicalJson(chain) === canonicalJson(point.chain)
            )?.after.median ?? null
          ])
        )
      })}
    >
      {(frame) =>
        series.some(({ points }) => points.length > 0) ? (
          <XYChart
            {...frame}
            series={series}
            x={x === 'bytes' ? bytesAxis : speedAxis}
            y={yLabel}
            {...(model.floor === null || y === 'effective' ? {} : { references: [{ y: model.floor, label: 'floor' }] })}
            labelRoom={165}
            description={`${yLabel.label} against the ${x === 'bytes' ? 'bytes of the weights: the shipped models, and' : 'speed:'} ${model.id} by ${sweeps.map(({ name }) => name).join(', ') || 'nothing yet'}`.replace(
              /^loss, nats per character/,
              'Loss'
            )}
          />
        ) : (
          <p className={styles.note}>
            {last
              ? 'The speed of this sweep is not measured yet.'
              : 'There is no sweep yet whose speed could be measured.'}
          </p>
        )
      }
    </ChartPanel>
  )
}

interface Place {
  readonly x: number
  /** In words, with its unit. */
  readonly text: string
}

interface Height {
  readonly y: number
  readonly low?: number
  readonly high?: number
  /** In words, with its unit. */
  readonly text: string
}

/** A shipped model, as it was trained. */
function shippedHeight({ loss, worth }: LibraryModel, y: CompressChoices['y']): Height | undefined {
  if (y === 'loss') return loss ? { y: loss.mean, text: `loss ${formatLoss(loss.mean)}` } : undefined
  const height = heightOf(worth.total.effective)
  return height && { ...height, text: `${worthText(worth.total)} effective parameters` }
}

function colourOf({ role }: LibraryModel, older: number): string {
  return `color-mix(in oklab, var(--${role}) ${100 - 25 * older}%, var(--mute))`
}

const faint = { label: '', look: 'faint' } as const
const bytesAxis = { label: 'bytes of the weights', scale: 'log', format: formatBytes } as const
const speedAxis = { label: 'decode speed, tokens/s', scale: 'linear', from: 0, format: formatSpeed } as const
const effectiveAxis = { label: 'effective parameters', scale: 'log', format: formatCount } as const
const verticalAxes = [
  { value: 'loss', label: 'Loss' },
  { value: 'effective', label: 'Effective parameters' }
] as const
const horizontalAxes = [
  { value: 'bytes', label: 'bytes' },
  { value: 'speed', label: 'tokens/s' }
] as const

/** Room above the highest point, in nats per character. */
const margin = 0.1

/** Sweeps that are drawn: the last ones. */
const mostSweeps = 4
