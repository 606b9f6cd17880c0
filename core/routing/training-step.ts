/** From which step of which training a trace is, as far as its name tells. */

/** A trace as one of several of a training. */
export interface TrainingStep {
  readonly step: number
  /** Name that the traces of one training share. */
  readonly series: string
}

/** `step-61`, `step5000-tokens20B`, `checkpoint-500`, `iter_0005000`: as trainers name what they keep. */
const pattern = /(?:step|checkpoint|ckpt|iter)[-_ ]?(\d+)(?:[-_]tokens\d+[kmbt])?/i

/** The step that one of some names tells, the first before the others; undefined where none does. */
export function trainingStepOf(...names: readonly string[]): TrainingStep | undefined {
  for (const name of names) {
    const found = pattern.exec(name)
    if (found) return { step: Number(found[1]), series: name.replace(pattern, '').replace(/[-_, ]+$/, '') }
  }
  return undefined
}

/** The name of a trace of a checkpoint; `trainingStepOf` understands it. */
export function stepName(training: string, step: number): string {
  return `${training}, step ${step}`
}
