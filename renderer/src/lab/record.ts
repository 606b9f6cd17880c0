/** Recording what the routers of a model decide. */
import { type RecordSpec, recordForm, traceName } from '@core/lab/kinds/record'
import type { RecordedText } from '@core/lab/recorded-text'
import { openedFile } from '../host/host'
import type { App } from '../state/app'
import { referenceOf } from './models'

/** Characters of generated text that are recorded. */
export const recordedCharacters = 20_000

/** Has an MoE model read generated text, and inspects its routing. */
export async function recordRouting(app: App, model: string): Promise<void> {
  const { queue } = app.lab
  const spec: RecordSpec = { model: await referenceOf(app.host, model), text: recordedText(app), logits: 'routers' }
  const { id } = await queue.add({ kind: recordForm.kind, spec })
  if ((await queue.ended(id)).status === 'finished') await openRecording(app, id, spec)
}

/** Inspects what was recorded before. */
export async function openRecording(app: App, id: string, { model }: RecordSpec): Promise<void> {
  await openTrace(app, { run: id, file: traceName, name: model.id, model: model.id })
  app.choose({ view: 'trace' })
}

/** The text that every model reads here. */
export function recordedText({ store }: App): RecordedText {
  return { kind: 'generated', characters: recordedCharacters, seed: store.getState().choices.seed }
}

/** A trace that a run has left. */
interface TraceOfRun {
  readonly run: string
  readonly file: string
  /** Its name on the screen. */
  readonly name: string
  /** Id of the model that it is of. */
  readonly model: string
}

/** Opens a trace that a run has left. Rejects when it is gone. */
export async function openTrace({ lab, inspector }: App, { run, file, name, model }: TraceOfRun): Promise<void> {
  const content = await lab.files(run).read(file)
  if (!content) throw new Error(`${run}/${file} is missing: remove this recording, and record anew`)
  await inspector.open(openedFile(new File([content], name)), { run, model })
}
