import type { ChartSubject } from '../ui/chart-subject'
import type { InspectionChoices } from './choices'
import { chosenPlace } from './inspector'
import type { OpenTrace } from './state'

/** The trace that charts of routing are drawn from, and the part of it that is chosen. */
export function traceSubject({ name, facts }: OpenTrace, inspection: InspectionChoices): ChartSubject {
  const { model, source, layers, experts, topK, tokenCount, domains } = facts
  const { layer, expert } = chosenPlace(inspection, facts)
  const shape = `${topK === undefined ? '' : `top-${topK} of `}${experts} experts in ${layers.length} MoE layers`
  const shown = inspection.domains.map((domain) => domains[domain] ?? domain)
  return {
    name: [...new Set([model || name, name])].concat(shape, `${tokenCount.toLocaleString('en')} tokens`).join(' · '),
    settings: {
      trace: name,
      model: model || 'not known',
      source,
      tokens: tokenCount,
      'domains counted': shown.join(' ') || 'all',
      'token counted': inspection.text === '' ? 'all' : JSON.stringify(inspection.text),
      'only tokens of the chosen expert': String(inspection.onlyExpert),
      'chosen layer': layers[layer] ?? layer,
      'chosen expert': expert,
      'capacity factor': inspection.capacity,
      batch: inspection.batch
    }
  }
}
