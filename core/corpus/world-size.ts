/** Sizes of worlds. */
import { currentEdition, type Edition } from './edition'

/** The edition, and the numbers of people, word pairs and code-book keys to remember. */
export interface WorldSize {
  readonly edition: Edition
  readonly seed: number
  readonly names: number
  readonly pairs: number
  readonly keys: number
}

/** The world that models are trained on unless something else is asked for. */
export const defaultWorldSize: WorldSize = { edition: currentEdition, seed: 7, names: 1024, pairs: 2048, keys: 2048 }

/** A world so small that the effects show within a minute of training. */
export const smallWorldSize: WorldSize = { ...defaultWorldSize, edition: 2, names: 128, pairs: 128, keys: 128 }
