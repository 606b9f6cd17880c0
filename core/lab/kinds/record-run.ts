import type { Trace } from '../../routing/trace'
import type { RunKind } from '../kind'
import { recordTrace } from '../recording'
import { runId } from '../run-id'
import type { RecordSpec } from './record'
import { recordForm, traceName } from './record'
import { recordingState } from './record-state'

/**
 * A model reads a text, and what its routers decide is recorded. What is read is kept every ten seconds, from where a
 * killed or cancelled run goes on.
 */
export const record: RunKind<RecordSpec> = {
  ...recordForm,
  run: async (spec, context) => {
    const { model, text, logits } = spec
    const { files, keep, progress } = context
    if ((await files.names()).includes(traceName)) return
    const opened = await context.openModel(model)
    const state = recordingState(files, await runId(recordForm.kind, { kind: recordForm.kind, spec }))
    const kept = await state.read()
    let saved = kept.at(-1)?.to ?? 0
    let savedAt = performance.now()
    let read: { readonly tokens: number; readonly trace: Trace } | undefined
    const save = async () => {
      if (!read) return
      const { tokens, trace } = read
      await keep([state.file(await trace.rows(saved, tokens, [...trace.has]))])
      saved = tokens
      read = undefined
      savedAt = performance.now()
    }
    const turn = async () => {
      await context.turn()
      if (performance.now() - savedAt > millisecondsBetweenSaves) await save()
    }
    try {
      const content = await recordTrace({ ...context, turn }, opened, {
        text,
        logits,
        kept,
        onProgress: (done, tokens, trace) => {
          read = { tokens, trace }
          progress(done, `${model.id} reads`)
        }
      })
      await keep([{ name: traceName, content }])
    } catch (error) {
      await save()
      throw error
    }
    await state.remove()
  }
}

const millisecondsBetweenSaves = 10_000
