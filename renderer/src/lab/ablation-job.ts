/** Measuring what a model loses when its routers are changed, as a job. */

import { everyExpert, type Intervention } from '@core/model/intervention'
import { proxy } from 'comlink'
import type { AblationListener } from '../engine/protocol'
import type { ShownAblation } from '../routing/state'
import type { App } from '../state/app'
import { readModels } from '../state/library'

/** Validation text that each change is measured on, in characters; every row says its standard error. */
export const ablatedCharacters = 12_000

export const ablationTitle = 'Changing the router of'

/** Measures every expert masked alone, and the changes of the whole routing that the literature speaks of. */
export async function measureCauses(app: App, model: string): Promise<void> {
  const architecture = app.store.getState().library?.models.find(({ id }) => id === model)?.architecture
  const shape = architecture?.layers.map(({ feedForward }) => feedForward).find(({ kind }) => kind === 'moe')
  if (!architecture || shape?.kind !== 'moe') throw new Error(`${model} is no model with experts that is here`)
  const others: Intervention[] = [
    { kind: 'drop-best', replace: true },
    { kind: 'random', gates: 'trained' },
    ...[shape.topK - 1, shape.topK + 1]
      .filter((topK) => topK >= 1 && topK <= shape.experts)
      .map((topK): Intervention => ({ kind: 'top-k', topK }))
  ]
  await ablate(app, model, [...others, ...everyExpert(architecture)], true)
}

/** Measures one more change. */
export function measureChange(app: App, model: string, intervention: Intervention): Promise<void> {
  return ablate(app, model, [intervention], app.store.getState().ablation?.model !== model)
}

async function ablate(app: App, model: string, interventions: readonly Intervention[], anew: boolean): Promise<void> {
  const { jobs, session, host, store } = app
  if (anew) store.setState({ ablation: { model, baseline: undefined, rows: [] } })
  await jobs.start(`${ablationTitle} ${model}`, async ({ signal, progress }) => {
    const engine = await session.awake()
    signal.addEventListener('abort', () => void engine.api.stopLongWork())
    progress(0, 'reading the model')
    const [source] = await readModels(host, [model])
    if (!source) throw new Error(`${model} is not here`)
    const told: AblationListener = (event) => {
      if (event.kind === 'progress') progress(event.done, `${ablatedCharacters} characters for each change`)
      else if (event.kind === 'baseline') show({ baseline: event.baseline })
      else show({ rows: [...(store.getState().ablation?.rows ?? []), event.row] })
    }
    const show = (changes: Partial<ShownAblation>) =>
      store.setState(({ ablation }) => (ablation?.model === model ? { ablation: { ...ablation, ...changes } } : {}))
    const request = { model: source, interventions, characters: ablatedCharacters, seed: store.getState().choices.seed }
    signal.throwIfAborted()
    await engine.api.ablate(request, proxy(told))
  })
}
