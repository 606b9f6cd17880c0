import type { FittedLaw } from '@core/scaling/fit-law'
import type { SpentBudget } from '@core/scaling/trainings'

/** Trainings of several sizes, each at several budgets, and the law that they and the shipped dense models follow. */
export interface IsoFlopStudy {
  readonly budgets: readonly SpentBudget[]
  readonly law: FittedLaw
}

/** A training on a small text, which it read again and again. */
export interface SmallTextRun {
  readonly parameters: number
  /** At the end, in nats per character: on the text itself, and on text that it has not seen. */
  readonly trainingLoss: number
  readonly validationLoss: number
}

export interface SmallTextStudy {
  /** Characters of the text, and how often it was read. */
  readonly characters: number
  readonly epochs: number
  /** Entropy of the corpus, in nats per character. */
  readonly floor: number
  /** Ascending by size. */
  readonly runs: readonly SmallTextRun[]
}

/** Studies that ship with the app, once they are asked for; in words why one cannot be shown. */
export interface ScalingState {
  readonly isoFlop: IsoFlopStudy | string | undefined
  readonly smallText: SmallTextStudy | string | undefined
}

/** Before they are asked for. */
export const initialScaling: ScalingState = { isoFlop: undefined, smallText: undefined }
