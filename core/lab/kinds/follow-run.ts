import { checkpointModel } from '../checkpoints'
import type { RunKind } from '../kind'
import { recordTrace } from '../recording'
import type { FollowEvent, FollowSpec } from './follow'
import { followForm, stepTraceName } from './follow'

/** The model of each checkpoint of a training reads the same text: how its routing has come about. */
export const follow: RunKind<FollowSpec, FollowEvent> = {
  ...followForm,
  run: async ({ training, checkpoints, text, logits }, context) => {
    const { files, keep, progress, tell } = context
    const there = await files.names()
    for (const [i, { step, weights }] of checkpoints.entries()) {
      const name = stepTraceName(step)
      if (there.includes(name)) continue
      const model = await context.openModel({ id: checkpointModel(training, step), weights })
      const onProgress = (done: number) => progress((i + done) / checkpoints.length, `step ${step} reads`)
      await keep([{ name, content: await recordTrace(context, model, { text, logits, onProgress }) }])
      tell({ step })
    }
  }
}
