import { memo } from 'react'
import { formatCount, formatExact, formatLoss, formatPercent } from '../charts/format'
import { formatLarge } from '../charts/format-large'
import { XYChart, type XYSeries } from '../charts/XYChart'
import { useAppState } from '../state/app'
import { Button } from '../ui/Button'
import { ChartPanel } from '../ui/ChartPanel'
import { Choice } from '../ui/Choice'
import { Segments } from '../ui/Segments'
import { type CurvePart, curveParts, type LabAxis } from './choices'
import { answerSeries, ends, highest, lossSeries } from './curve-series'
import { floorsOf, readShippedText } from './floors'
import styles from './LabView.module.css'
import type { LabTraining } from './trainings'
import { isSameAll, useChooseLab } from './use-lab'

/** The shipped models that trainings on their text are drawn beside. */
const referenceIds = ['dense-64', 'moe-64']

const axisLabels: Readonly<Record<LabAxis, string>> = {
  steps: 'training step',
  tokens: 'tokens',
  flops: 'training FLOPs',
  seconds: 'training steps, seconds'
}

const partNames: Partial<Record<CurvePart, string>> = {
  all: 'all documents',
  memory: 'memory',
  computation: 'computation'
}

/** Losses of all runs as they fall, or the share of right answers as it rises. */
export const CurvesPanel = memo(Curves, (before, after) => isSameAll(before.trainings, after.trainings))

function Curves({ trainings }: { trainings: readonly LabTraining[] }) {
  const drawn = useAppState(({ choices }) => choices.lab)
  const { along, scale, shows, part, smoothing, zoom } = drawn
  const chooseLab = useChooseLab()
  const library = useAppState((state) => state.library)
  const seen = trainings.filter(({ shown }) => shown !== undefined)
  const isLoss = shows === 'loss'
  const series = seen.flatMap((training) => (isLoss ? lossSeries(training, drawn) : answerSeries(training, drawn)))
  const references = (
    isLoss && part === 'all' && along === 'tokens' && readShippedText(trainings) ? (library?.models ?? []) : []
  )
    .filter(({ id }) => referenceIds.includes(id))
    .map(
      ({ id, role, curve }): XYSeries => ({
        id,
        label: id,
        mark: 'line',
        look: 'dashed',
        colour: `var(--${role})`,
        points: curve.map(([x, y]) => ({ x, y, title: `${id}: ${formatLoss(y)} at ${formatCount(x)} tokens` }))
      })
    )
  const format = isLoss ? formatLoss : formatPercent
  const best = seen.length > 0 ? bestOf(seen) : emptyText(trainings, isLoss)
  return (
    <ChartPanel
      fileName="training-curves"
      className={styles.curves ?? ''}
      title={seen.length === 0 && references.length > 0 ? 'Training curves of the shipped models' : 'Training curves'}
      legend={
        isLoss
          ? `dots: validation loss; thin: training loss; measured here${references.length > 0 ? '; dashed, no dots: shipped models' : ''}`
          : 'right answers of the validation text, measured here'
      }
      aside={
        <>
          <Segments
            label="Shown"
            value={shows}
            options={[
              { value: 'loss', label: 'loss' },
              { value: 'answers', label: 'answers right' }
            ]}
            onChange={(chosen) => chooseLab(() => ({ shows: chosen }))}
          />
          <Segments
            label="Against"
            value={along}
            options={[
              { value: 'steps', label: 'steps' },
              { value: 'tokens', label: 'tokens' },
              { value: 'flops', label: 'FLOPs' },
              { value: 'seconds', label: 'seconds' }
            ]}
            onChange={(chosen) => chooseLab(() => ({ along: chosen, zoom: null }))}
          />
          <Segments
            label="Scale"
            value={scale}
            options={[
              { value: 'linear', label: 'linear' },
              { value: 'log', label: 'log' }
            ]}
            onChange={(chosen) => chooseLab(() => ({ scale: chosen }))}
          />
          {isLoss && part === 'all' && (
            <Segments
              label="Smoothing of the training loss"
              value={smoothing}
              options={[
                { value: 'none', label: 'raw' },
                { value: 'some', label: 'smooth' },
                { value: 'much', label: 'smoother' }
              ]}
              onChange={(chosen) => chooseLab(() => ({ smoothing: chosen }))}
            />
          )}
          <Choice
            label="Documents"
            look="chip"
            value={part}
            options={curveParts.map((each) => ({ value: each, label: partNames[each] ?? each }))}
            onChange={(chosen) => chooseLab(() => ({ part: chosen }))}
          />
          {zoom && (
            <Button look="quiet" onClick={() => chooseLab(() => ({ zoom: null }))}>
              Show all
            </Button>
          )}
        </>
      }
      answer={best}
      note={
        references.length > 0
          ? 'Shipped models are shown on the way through 8 million characters, whose learning rate was still high in the middle.'
          : undefined
      }
      table={() => ({
        columns: ['model', 'loss', 'characters', 'nats_per_character'],
        rows: [
          ...seen.flatMap(({ record, name, shown }) => [
            ...(shown?.points ?? []).map(({ characters, loss }) => [
              record?.id ?? name,
              'validation',
              characters,
              loss
            ]),
            ...(shown?.losses ?? []).map(([characters, loss]) => [record?.id ?? name, 'training', characters, loss])
          ]),
          ...references.flatMap(({ id, points }) => points.map(({ x, y }) => [id, 'validation', x, y]))
        ]
      })}
    >
      {(frame) => (
        <XYChart
          {...frame}
          height={Math.min(frame.height, 460)}
          series={[...references, ...series]}
          x={{
            label: axisLabels[along],
            scale,
            format: along === 'steps' ? formatExact : formatLarge,
            ...(references.length > 0 ? {} : ends(trainings, along, scale, seen.length > 0)),
            ...(zoom ? { from: zoom[0], to: zoom[1], cut: true } : {})
          }}
          y={{
            label: isLoss ? 'loss, nats per character' : 'score, share of right answers',
            scale: 'linear',
            format,
            ...(isLoss
              ? zoom
                ? {}
                : { to: highest([...references, ...series]) }
              : { from: 0, ...(series.length === 0 ? { to: 1 } : {}) })
          }}
          references={isLoss && !zoom ? floorsOf(trainings, part) : []}
          labelRoom={170}
          crosshair
          onBrush={(from, to) => chooseLab(() => ({ zoom: [from, to] }))}
          description={describe(seen)}
        />
      )}
    </ChartPanel>
  )
}

/** Before the first step. */
function emptyText(trainings: readonly LabTraining[], isLoss: boolean): string {
  if (trainings.some(({ problems }) => problems.length > 0)) return 'What is missing is said beside its field.'
  const floor = isLoss && floorsOf(trainings, 'all').length > 0 ? ', towards the floor' : ''
  return `With Train the curves of all models grow here${floor}.`
}

function describe(seen: readonly LabTraining[]): string {
  const losses = seen.flatMap(({ name, shown }) => {
    const last = shown?.points.at(-1)
    return last ? [`${name} ${formatLoss(last.loss)}`] : []
  })
  return losses.length > 0 ? `Validation losses: ${losses.join('; ')}` : 'Losses of the runs; nothing is measured yet'
}

/** The lowest loss, and its lead, after the same number of tokens as far as they have all come. */
function bestOf(seen: readonly LabTraining[]): string | undefined {
  if (seen.length < 2) return undefined
  const common = Math.min(...seen.map(({ shown }) => shown?.points.at(-1)?.characters ?? 0))
  const at = seen.flatMap(({ name, shown }) => {
    const point = shown?.points.findLast(({ characters }) => characters <= common)
    return point && point.characters === common ? [{ name, loss: point.loss }] : []
  })
  const [first, second] = at.toSorted((a, b) => a.loss - b.loss)
  if (!first || !second || at.length < seen.length) return undefined
  const lead = formatLoss(second.loss - first.loss)
  return `After ${formatCount(common)} tokens ${first.name} has the lowest validation loss, ${formatLoss(first.loss)}, ${lead} below ${second.name}.`
}
