import { type Edition, type EditionRules, editions } from '../edition'
import type { Domain } from './domain'

type Writer = Pick<Domain, 'write' | 'entropy'>

/** Writing and entropy by the rules of the edition of each world. */
export function byEdition(make: (rules: EditionRules, edition: Edition) => Writer): Writer {
  const writers: Readonly<Record<Edition, Writer>> = { 1: make(editions[1], 1), 2: make(editions[2], 2) }
  return {
    write: (choices, world) => writers[world.edition].write(choices, world),
    entropy: (world) => writers[world.edition].entropy(world)
  }
}
