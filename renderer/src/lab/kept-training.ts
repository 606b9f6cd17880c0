import { messageOf } from '@core/reason'
import type { TrainingOutcome } from '../engine/training-protocol'
import type { Host } from '../host/host'

/**
 * Keeps what a training leaves, as much of it as can be written. Of one that came to its end, what would continue it
 * goes: it is three times as large as the weights, and nobody needs it any more.
 *
 * @throws {Error} if not all could be written: why, and what the training can go on from
 */
export async function keepTraining(host: Host, id: string, { files, finished }: TrainingOutcome): Promise<void> {
  const failures: string[] = []
  for (const { name, content } of files) {
    // It says that the training came to its end, and that all is here.
    if (name === 'training.json' && failures.length > 0) break
    await host.writeOwnFile(id, name, content).catch((error: unknown) => failures.push(messageOf(error)))
  }
  const [failure] = failures
  if (failure === undefined) {
    // The model is whole, whether or not this takes room beside it.
    if (finished) await host.removeOwnFile(id, 'run.safetensors').catch(() => undefined)
    return
  }
  const kept = (await host.ownModels()).find((each) => each.id === id)?.files ?? []
  throw new Error(
    kept.includes('run.safetensors')
      ? `not all of it could be written (${failure}); make room, then let it go on from its last checkpoint`
      : `it could not be written (${failure}), and no checkpoint of it was kept; make room before the next one`
  )
}
