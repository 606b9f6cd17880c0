/** The loss of a model with experts off, beside its loss with all of them on. */
import type { Windows } from '../corpus'
import { addNats, type ChangedLoss, changesOf, countCharacters, windowSums } from './paired-losses'

/** Characters of validation text that it is measured on, in the terminal as on the screen. */
export const changedLossCharacters = 12_000

/** @param nats losses of all targets of the windows, `[windows * context]`, as `baseline` */
export function changedLoss(windows: Windows, nats: Float32Array, baseline: Float32Array): ChangedLoss {
  const sumsOf = (each: Float32Array) => {
    const sums = windowSums(windows)
    addNats(sums, windows, 0, each)
    return sums
  }
  const { loss, tokens, delta, standardError } = changesOf(sumsOf(nats), sumsOf(baseline), countCharacters(windows))
  return { loss, tokens, delta, standardError }
}
