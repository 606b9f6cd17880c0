import type { XYPoint, XYSeries } from './XYChart'

type Role = 'dense' | 'moe'

/** Dense and MoE models as two series of points, each in the colour of its role. */
export function seriesByRole<Model>(
  models: readonly Model[],
  roleOf: (model: Model) => Role,
  pointOf: (model: Model) => XYPoint
): XYSeries[] {
  return (['dense', 'moe'] as const).map((role) => ({
    id: role,
    label: '',
    mark: 'points',
    colour: `var(--${role})`,
    points: models.filter((model) => roleOf(model) === role).map(pointOf)
  }))
}
