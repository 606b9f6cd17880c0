/** Recording what the routers of a model decide. */
import { type RecordSpec, recordForm, traceName } from '@core/lab/kinds/record'
import type { ModelReference } from '@core/lab/model-reference'
import { referenceTo } from '@core/lab/model-reference'
import { openedFile } from '../host/host'
import type { App } from '../state/app'
import { readModels } from '../state/library'

/** Characters of generated text that are recorded. */
export const recordedCharacters = 20_000

/** Has an MoE model read generated text, and inspects its routing. */
export async function recordRouting(app: App, model: string): Promise<void> {
  const { queue } = app.lab
  const spec: RecordSpec = { model: await referenceOf(app, model), text: recordedText(app), logits: 'routers' }
  const { id } = await queue.add({ kind: recordForm.kind, spec })
  if ((await queue.ended(id)).status === 'finished') await openRecording(app, id, model)
}

/** Inspects what was recorded before. */
export async function openRecording({ lab, inspector, choose }: App, id: string, model: string): Promise<void> {
  const content = await lab.files(id).read(traceName)
  if (!content) throw new Error(`${id}: ${traceName} is missing: remove this recording, and record anew`)
  await inspector.open(openedFile(new File([content], model)), { run: id })
  choose({ view: 'trace' })
}

/** What every model reads here. */
export function recordedText({ store }: App) {
  return { kind: 'generated', characters: recordedCharacters, seed: store.getState().choices.seed } as const
}

/** A model that is here, as runs name it. */
export async function referenceOf({ host }: App, model: string): Promise<ModelReference> {
  const [found] = await readModels(host, [model])
  if (!found) throw new Error(`${model} is not here`)
  return referenceTo(model, found.files)
}
