/** Validation losses of the trainings of the Lab, or shares of right answers, as far as they have come. */
import type { LinesRecord } from '@core/stories/records'
import { answersRight, lossesOf, placeAlong } from '../../lab/curves'
import { floorsOf } from '../../lab/floors'
import { runNames } from '../../lab/names'
import { trainingsOf } from '../../lab/trainings'
import { courseSeconds, type Take } from './taken'

export const takeLab: Take = ({ choices, runs, trainings, shownTraining }) => {
  const { along, scale, shows, part, runs: chosen } = choices.lab
  const shown = trainingsOf(chosen, runNames(chosen), runs, trainings, shownTraining)
  const isLoss = shows === 'loss'
  const series = shown.flatMap(({ name, kind, look, shown: training, record }): LinesRecord['series'] => {
    if (!training || !record) return []
    const place = placeAlong(training, along)
    const values = isLoss ? lossesOf(training.points, part) : answersRight(training.points, part)
    const points = values.map(([characters, y]) => ({ x: place(characters), y }))
    const drawn = scale === 'log' ? points.filter(({ x }) => x > 0) : points
    if (drawn.length === 0) return []
    const marks = { mark: 'line', role: kind, ...(look === 'dashed' ? { dashed: true } : {}) } as const
    return [{ id: record.id, label: name, ...marks, points: drawn }]
  })
  if (series.length === 0) return undefined
  return {
    record: {
      kind: 'lines',
      basis: 'measured',
      source: `trained here: ${series.map(({ id }) => id).join(', ')}`,
      seconds: courseSeconds,
      x: { label: axisNames[along], scale, format: along === 'seconds' ? 'number' : 'count' },
      y: {
        label: isLoss ? 'validation loss, nats per character' : 'share of right answers',
        scale: 'linear',
        format: isLoss ? 'loss' : 'percent'
      },
      series,
      references: isLoss ? floorsOf(shown, part).map(({ y, label }) => ({ y, label })) : []
    }
  }
}

const axisNames = { steps: 'training step', tokens: 'tokens', flops: 'training FLOPs', seconds: 'seconds' } as const
