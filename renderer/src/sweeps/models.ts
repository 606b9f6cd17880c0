/** Runs of a sweep as models: they are kept beside those that were trained here. */
import { trainForm } from '@core/lab/kinds/train'
import { runsName } from '@core/lab/sweep/folder'
import type { SweepRun } from '@core/lab/sweep/read-run'
import { keepCheckpoint } from '../lab/open-checkpoint'
import { recordRouting } from '../lab/record'
import type { App } from '../state/app'

/** The reason for which a run is no model here; undefined where its files may be one. */
export function whyNoModel({ sweep }: ReturnType<App['store']['getState']>, run: SweepRun): string | undefined {
  if (run.kind !== trainForm.kind) return 'Only trainings leave models.'
  if (run.state.kind !== 'whole') return 'It is a model once it is whole.'
  return sweep?.from === 'table' ? 'Its weights are in the folder of the sweep.' : undefined
}

/** Shows a run in Compare. Rejects where it is no model, or its weights are not there. */
export async function compareRun(app: App, run: SweepRun): Promise<void> {
  const model = await keptModel(app, run)
  app.choose({ view: 'compare', pair: 'free', right: model })
}

/** Records what the routers of a run decide, and shows it. Rejects as `compareRun`. */
export async function traceRun(app: App, run: SweepRun): Promise<void> {
  await recordRouting(app, await keptModel(app, run))
}

async function keptModel(app: App, run: SweepRun): Promise<string> {
  const state = app.store.getState()
  const reason = whyNoModel(state, run)
  if (reason !== undefined) throw new Error(`${run.id} cannot be opened. ${reason}`)
  const folder = state.sweep?.folder
  if (!folder) return run.id
  const files = await folder.files(`${runsName}/${run.id}`)
  if (!files.some(({ name }) => name === 'model.safetensors')) {
    throw new Error(`${run.id} cannot be opened: its model.safetensors is not in ${folder.name}/${runsName}/${run.id}`)
  }
  return keepCheckpoint(app, { name: run.id, files })
}
