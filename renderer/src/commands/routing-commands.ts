/** The routing view. */

import { inspectionPages } from '../routing/choices'
import { chosenPlace } from '../routing/inspector'
import type { App } from '../state/app'
import type { AppState } from '../state/app-state'
import type { Command } from '../state/command'

export const routingCommands = [
  {
    id: 'next-layer',
    label: 'Next layer',
    keywords: ['routing', 'trace', 'step'],
    shortcuts: [']'],
    enabled: isInspecting,
    run: (app) => moveBy(app, 'layer', 1)
  },
  {
    id: 'previous-layer',
    label: 'Previous layer',
    keywords: ['routing', 'trace', 'step'],
    shortcuts: ['['],
    enabled: isInspecting,
    run: (app) => moveBy(app, 'layer', -1)
  },
  {
    id: 'next-expert',
    label: 'Next expert',
    keywords: ['routing', 'trace', 'step'],
    shortcuts: ['}'],
    enabled: isInspecting,
    run: (app) => moveBy(app, 'expert', 1)
  },
  {
    id: 'previous-expert',
    label: 'Previous expert',
    keywords: ['routing', 'trace', 'step'],
    shortcuts: ['{'],
    enabled: isInspecting,
    run: (app) => moveBy(app, 'expert', -1)
  },
  {
    id: 'next-routing-page',
    label: 'Next question about the routing',
    keywords: ['routing', 'trace', 'page', 'tab'],
    shortcuts: ['.'],
    enabled: isInspecting,
    run: ({ store, choose }) => {
      const { inspection } = store.getState().choices
      const next = (inspectionPages.indexOf(inspection.page) + 1) % inspectionPages.length
      choose({ inspection: { ...inspection, page: inspectionPages[next] ?? 'overview' } })
    }
  }
] as const satisfies readonly Command[]

function isInspecting({ traces, choices }: AppState): boolean {
  return traces.length > 0 && choices.view === 'trace'
}

function moveBy({ store, choose }: App, what: 'layer' | 'expert', step: number): void {
  const { traces, choices } = store.getState()
  const [trace] = traces
  if (!trace) return
  const { facts } = trace
  const place = chosenPlace(choices.inspection, facts)
  const most = (what === 'layer' ? facts.layers.length : facts.experts) - 1
  const next = Math.min(most, Math.max(0, place[what] + step))
  choose({ inspection: { ...choices.inspection, ...place, [what]: next } })
}
