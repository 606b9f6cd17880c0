/** Runs as series of a chart, and the ends of its axes. */
import { formatCount } from '../charts/format'
import type { XYSeries } from '../charts/XYChart'
import type { LabAxis, LabChoices, TrainingChoices } from './choices'
import { answersRight, type CurvePoint, lossesOf, meansAround, placeAlong, smoothed } from './curves'
import { quantityOf } from './lock'
import { charactersPerStep } from './problems'
import type { LabTraining } from './trainings'

type Drawn = Pick<LabChoices, 'along' | 'part' | 'smoothing'>

/** Training and validation losses of a run; of a part of the documents the validation losses alone. */
export function lossSeries(training: LabTraining, { along, part, smoothing }: Drawn): XYSeries[] {
  const { name, shown, colour, look } = training
  if (!shown) return []
  const validation = seriesOf(training, along, name, lossesOf(shown.points, part), { label: name, look, colour })
  if (part !== 'all') return [{ ...validation, dots: true }]
  const losses = smoothed(meansAround(shown.losses, smoothing))
  return [
    seriesOf(training, along, `${name}, training`, losses, { label: '', look: 'faint', colour }),
    { ...validation, dots: true }
  ]
}

/** Right answers of a run, where they were scored. */
export function answerSeries(training: LabTraining, { along, part }: Drawn): XYSeries[] {
  const { name, shown, colour, look } = training
  const right = answersRight(shown?.points ?? [], part)
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

type XYEnds = { readonly from?: number; readonly to?: number; readonly ticks?: readonly number[] }

/** From the first step to the last one that is planned, so that curves grow in a frame that stands still. */
export function ends(
  trainings: readonly LabTraining[],
  along: LabAxis,
  scale: 'linear' | 'log',
  hasPoints: boolean
): XYEnds {
  const unknown: XYEnds = hasPoints ? {} : { ticks: [] }
  if (along === 'seconds') return unknown
  const planned = trainings.flatMap(({ chosen, problems }) =>
    chosen && problems.length === 0 ? [plannedEnds(chosen, along)] : []
  )
  if (planned.length === 0 || planned.length < trainings.length) return unknown
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
export function highest(series: readonly XYSeries[]): number {
  const all = series.flatMap(({ points }) => points.map(({ y }) => y))
  return all.length > 0 ? Math.min(4.2, Math.max(1, ...all)) : 4.2
}
