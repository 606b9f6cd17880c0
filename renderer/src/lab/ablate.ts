/** Ablation: the validation loss of a model under interventions on its routers. */

import { canonicalJson } from '@core/canonical-json'
import type { Ablation, AblationRow } from '@core/evaluate/ablate'
import { type AblateSpec, ablateForm, ablationName, readAblation } from '@core/lab/kinds/ablate'
import type { RunRecord } from '@core/lab/run'
import { everyExpert, type Intervention } from '@core/model/intervention'
import type { App } from '../state/app'
import type { AppState } from '../state/app-state'
import { computeAnew } from './compute-anew'
import { referenceOf } from './models'

/** Characters of validation text for each intervention; every row says its standard error. */
export const ablatedCharacters = 12_000

/** Ablates every expert on its own, and measures the literature's interventions on the whole routing. */
export async function ablateEveryExpert(app: App, model: string): Promise<void> {
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
  await measure(app, model, [...others, ...everyExpert(architecture)])
}

/** Measures one more intervention. */
export function measureIntervention(app: App, model: string, intervention: Intervention): Promise<void> {
  return measure(app, model, [intervention])
}

async function measure(app: App, model: string, interventions: readonly Intervention[]): Promise<void> {
  const { seed } = app.store.getState().choices
  const spec: AblateSpec = {
    model: await referenceOf(app.host, model),
    interventions: [...interventions],
    characters: ablatedCharacters,
    seed
  }
  const { status } = await app.lab.queue.add({ kind: ablateForm.kind, spec })
  if (status === 'finished') await computeAnew(app.lab, ablateForm, spec)
}

/** Reads the ablations of earlier sessions that had the model's present weights. */
export async function readAblations(app: App, model: string): Promise<void> {
  const { lab, store } = app
  const present = canonicalJson(await referenceOf(app.host, model))
  for (const run of lab.queue.records.filter((each) => isOf(each, model))) {
    if (store.getState().ablations[run.id] || canonicalJson((run.spec as AblateSpec).model) !== present) continue
    const content = await lab.files(run.id).read(ablationName)
    if (content) {
      const ablation = readAblation(content)
      store.setState(({ ablations }) => ({ ablations: { [run.id]: ablation, ...ablations } }))
    }
  }
}

/** All measured interventions on a model; of one that was measured several times, the last measurement. */
export function knownAblation(
  { runs, ablations }: Pick<AppState, 'runs' | 'ablations'>,
  model: string
): Ablation | undefined {
  const known = runs.flatMap((run) => (isOf(run, model) ? (ablations[run.id] ?? []) : []))
  const last = known.at(-1)
  if (!last) return undefined
  const rows = new Map<string, AblationRow>()
  for (const row of known.flatMap((each) => each.rows)) rows.set(canonicalJson(row.intervention), row)
  return { windows: last.windows, baseline: last.baseline, rows: [...rows.values()] }
}

/** True of an ablation of this model. */
export function isOf({ kind, spec }: RunRecord, model: string): boolean {
  return kind === ablateForm.kind && (spec as AblateSpec).model.id === model
}
