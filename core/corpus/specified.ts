/** A corpus as a spec or a report describes it. */
import { corpusFloor, type Floor } from './floor'
import type { DocumentsOptions } from './generate'
import type { Shares } from './mixture'
import { type SpecifiedWorld, worldOf } from './world'

/** A world, which documents are drawn from it, and how often those of each domain. */
export interface SpecifiedCorpus {
  readonly world: SpecifiedWorld
  readonly seed: number
  /** Those of the world's edition when absent. */
  readonly shares?: Shares
}

/** The documents that a corpus is made of. Throws as `createWorld`. */
export function specifiedDocuments(corpus: SpecifiedCorpus): Omit<DocumentsOptions, 'split'> {
  const { seed, shares } = corpus
  return { world: worldOf(corpus), seed, ...(shares ? { shares } : {}) }
}

/** The entropy of a corpus, as `corpusFloor`. Throws as `createWorld`. */
export function specifiedFloor(corpus: Omit<SpecifiedCorpus, 'seed'>): Floor {
  return corpusFloor(worldOf(corpus), corpus.shares)
}
