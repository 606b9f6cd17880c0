import { memo } from 'react'
import { formatCount, formatExact, formatLoss, formatPercent } from '../charts/format'
import { formatLarge } from '../charts/format-large'
import { XYChart, type XYSeries } from '../charts/XYChart'
import { useAppState } from '../state/app'
import { ChartPanel } from '../ui/ChartPanel'
import { Segments } from '../ui/Segments'
import type { LabAxis, TrainingChoices } from './choices'
import { answersRight, type CurvePoint, placeAlong, smoothed } from './curves'
import { floorsOf, readShippedText } from './floors'
import styles from './LabView.module.css'
import { quantityOf } from './lock'
import { charactersPerStep } from './problems'
import { isSameAll, type LabTraining, useChooseLab } from './use-lab'

/** The shipped models that trainings on their text are drawn beside. */
const referenceIds = ['dense-64', 'moe-64']

const axisLabels: Readonly<Record<LabAxis, string>> = {
  steps: 'training step',
  tokens: 'tokens',
  flops: 'training FLOPs',
  seconds: 'training steps, seconds'
}

/** Losses of all runs as they fall, or the share of right answers as it rises. */
export const CurvesPanel = memo(Curves, (before, after) => isSameAll(before.trainings, after.trainings))

function Curves({ trainings }: { trainings: readonly LabTraining[] }) {
  const { along, scale, shows } = useAppState(({ choices }) => choices.lab)
  const chooseLab = useChooseLab()
  const library = useAppState((state) => state.library)
  const seen = trainings.filter(({ shown }) => shown !== undefined)
  const isLoss = shows === 'loss'
  const series = seen.flatMap((training) => (isLoss ? lossSeries(training, along) : answerSeries(training, along)))
  const references = (isLoss && along === 'tokens' && readShippedText(trainings) ? (library?.models ?? []) : [])
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
  const best = bestOf(seen)
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
            onChange={(chosen) => chooseLab(() => ({ along: chosen }))}
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
            ...(references.length > 0 ? {} : ends(trainings, along, scale))
          }}
          y={{
            label: isLoss ? 'loss, nats per character' : 'score, share of right answers',
            scale: 'linear',
            format,
            ...(isLoss
              ? { to: highest([...references, ...series]) }
              : { from: 0, ...(series.length === 0 ? { to: 1 } : {}) })
          }}
          references={isLoss ? floorsOf(trainings) : []}
          labelRoom={150}
          crosshair
          description={describe(seen)}
        />
      )}
    </ChartPanel>
  )
}

function lossSeries(training: LabTraining, along: LabAxis): XYSeries[] {
  const { name, shown, colour, look } = training
  if (!shown) return []
  const validation = shown.points.map(({ characters, loss }): CurvePoint => [characters, loss])
  return [
    seriesOf(training, along, `${name}, training`, smoothed(shown.losses), { label: '', look: 'faint', colour }),
    { ...seriesOf(training, along, name, validation, { label: name, look, colour }), dots: true }
  ]
}

function answerSeries(training: LabTraining, along: LabAxis): XYSeries[] {
  const { name, shown, colour, look } = training
  const right = answersRight(shown?.points ?? [])
  return right.length === 0
    ? []
    : [{ ...seriesOf(training, along, name, right, { label: name, look, colour }), dots: true }]
}

function seriesOf(
  { shown }: LabTraining,
  along: LabAxis,
  readAs: string,
  points: readonly CurvePoint[],
  marks: Pick<XYSeries, 'label' | 'look' | 'colour'>
): XYSeries {
  const place = shown ? placeAlong(shown, along) : (characters: number) => characters
  return {
    id: readAs,
    readAs,
    mark: 'line',
    ...marks,
    points: points.map(([characters, y]) => ({
      x: place(characters),
      y,
      title: `${readAs}: ${y.toFixed(3)} after ${formatCount(characters)} tokens`
    }))
  }
}

/** From the first step to the last one that is planned, so that curves grow in a frame that stands still. */
function ends(
  trainings: readonly LabTraining[],
  along: LabAxis,
  scale: 'linear' | 'log'
): { from?: number; to?: number } {
  if (along === 'seconds') return {}
  const planned = trainings.flatMap(({ chosen, problems }) =>
    chosen && problems.length === 0 ? [plannedEnds(chosen, along)] : []
  )
  if (planned.length === 0 || planned.length < trainings.length) return {}
  return {
    from: scale === 'log' ? Math.min(...planned.map(([first]) => first)) : 0,
    to: Math.max(...planned.map(([, last]) => last))
  }
}

function plannedEnds(chosen: TrainingChoices, along: 'steps' | 'tokens' | 'flops'): readonly [number, number] {
  const characters = charactersPerStep(chosen)
  const steps = Math.floor(chosen.characters / characters)
  if (along === 'steps') return [1, steps]
  const perStep = along === 'tokens' ? characters : quantityOf({ ...chosen, characters }, 'flops')
  return [perStep, steps * perStep]
}

/** The first steps would press all others together. */
function highest(series: readonly XYSeries[]): number {
  const all = series.flatMap(({ points }) => points.map(({ y }) => y))
  return all.length > 0 ? Math.min(4.2, Math.max(1, ...all)) : 4.2
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
