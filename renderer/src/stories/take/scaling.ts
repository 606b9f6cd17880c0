/** The loss that a published law expects, or the measured family of the shipped models. */
import { findLaw, laws } from '@core/scaling/laws'
import type { LinesRecord } from '@core/stories/records'
import { axesOf, chosenPoint, lawCurve } from '../../scaling/law-curve'
import { familyQuantities, lossOf } from '../../scaling/own-family'
import type { AppState } from '../../state/app-state'
import { courseSeconds, type Take, type TakenRecord } from './taken'

export const takeScaling: Take = (state) => {
  switch (state.choices.scaling.question) {
    case 'law':
      return lawOf(state)
    case 'family':
      return familyOf(state)
    default:
      return undefined
  }
}

function lawOf({ choices: { scaling } }: AppState): TakenRecord | undefined {
  const chosen = findLaw(scaling.law)
  const law = chosen?.gives.includes('loss') ? chosen : laws.find(({ gives }) => gives.includes('loss'))
  const along = law && (axesOf(law).includes(scaling.along) ? scaling.along : axesOf(law)[0])
  if (!law || !along) return undefined
  const curve = lawCurve(law, along, scaling, 60)
  const point = chosenPoint(law, along, scaling)
  const { loss } = law.figures(point)
  if (curve.length === 0) return undefined
  const asked = point[along] !== undefined && loss !== undefined ? [{ x: point[along], y: loss }] : []
  return {
    record: {
      kind: 'lines',
      basis: 'predicted',
      source: `${law.name}: ${law.source}`,
      seconds: courseSeconds,
      x: { label: axisNames[along], scale: 'log', format: 'count' },
      y: { label: 'loss, nats per token of the law’s own text', scale: 'linear', format: 'loss' },
      series: [
        { id: 'law', label: law.name, mark: 'line', points: curve.map(({ x, loss: y }) => ({ x, y })) },
        ...(asked.length > 0 ? [{ id: 'asked', label: 'asked', mark: 'points' as const, points: asked }] : [])
      ],
      references: []
    }
  }
}

const axisNames = {
  parameters: 'parameters',
  tokens: 'tokens trained on',
  flops: 'FLOPs of training, best spent'
} as const

function familyOf({ library, choices: { scaling } }: AppState): TakenRecord | undefined {
  const models = library?.models.filter(({ own }) => !own) ?? []
  const quantities = familyQuantities(models)
  const quantity = quantities.find(({ id }) => id === scaling.quantity) ?? quantities[0]
  if (!quantity) return undefined
  const series = (['dense', 'moe'] as const).flatMap((role): LinesRecord['series'] => {
    const points = models
      .filter((model) => model.role === role)
      .flatMap((model) => {
        const loss = lossOf(model, quantity.id)
        if (!loss) return []
        const ends =
          loss.deviation === null ? {} : { low: loss.mean - loss.deviation, high: loss.mean + loss.deviation }
        return [{ x: role === 'dense' ? model.total : model.active.all, y: loss.mean, ...ends, name: model.id }]
      })
      .toSorted((a, b) => a.x - b.x)
    return points.length > 0 ? [{ id: role, label: '', role, mark: 'points', points }] : []
  })
  if (series.length === 0) return undefined
  return {
    record: {
      kind: 'lines',
      basis: 'shipped',
      source: 'training.json of the shipped models',
      seconds: courseSeconds,
      x: { label: 'total parameters of dense, active parameters of MoE', scale: 'log', format: 'count' },
      y: { label: 'loss, nats per character', scale: 'linear', format: 'loss' },
      series,
      references: [{ y: quantity.floor, label: 'floor' }]
    }
  }
}
