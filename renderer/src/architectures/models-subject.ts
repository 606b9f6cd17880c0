import type { ChartSubject } from '../ui/chart-subject'
import type { ArchitectureChoices } from './choices'
import type { Subject } from './subjects'

/** The models that charts of a screen are drawn from, and the situation that they are in. */
export function modelsSubject(subjects: readonly Subject[], chosen: ArchitectureChoices): ChartSubject {
  const { screen, model, compared, changes, device, format, context, batch, routing } = chosen
  const shown = { one: [model], compare: compared, gallery: [], sizes: [] }[screen]
  const names = shown.map((id) => subjects.find((subject) => subject.id === id)?.name ?? id)
  return {
    name: names.join(' · '),
    settings: {
      models: names.join(', ') || `all ${subjects.length} of the gallery`,
      ...(screen === 'one' && { changes: JSON.stringify(changes) }),
      device,
      precision: format,
      context,
      batch,
      'experts of a step': routing
    }
  }
}
