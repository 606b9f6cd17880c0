import { UsageError } from '../../terminal/errors'
import { ablate } from './ablate'
import { bench } from './bench'
import { compress } from './compress'
import { evaluate } from './evaluate'
import type { SweepKind } from './kind'
import { train } from './train'

/** Every kind of run that a sweep can be of. */
export const sweepKinds: readonly SweepKind[] = [train, compress, ablate, evaluate, bench]

/** The kind of a name. Throws a `UsageError` that lists the known ones. */
export function sweepKind(name: string): SweepKind {
  const found = sweepKinds.find(({ kind }) => kind === name)
  if (found) return found
  throw new UsageError(`kind: expected one of ${sweepKinds.map(({ kind }) => kind).join(', ')}, found '${name}'`)
}
