import type { RunKind } from '../kind'
import { recordTrace } from '../recording'
import type { RecordSpec } from './record'
import { recordForm, traceName } from './record'

/** A model reads a text, and what its routers decide is recorded. */
export const record: RunKind<RecordSpec> = {
  ...recordForm,
  run: async ({ model, text, logits }, context) => {
    const { files, keep, progress } = context
    if ((await files.names()).includes(traceName)) return
    const opened = await context.openModel(model)
    const onProgress = (done: number) => progress(done, `${model.id} reads`)
    const content = await recordTrace(context, opened, { text, logits, onProgress })
    await keep([{ name: traceName, content }])
  }
}
