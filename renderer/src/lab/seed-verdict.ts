import type { Claim, Verdict } from './claims'
import { type EndedRun, meanRun } from './ended-run'

/** A verdict, and the form of the experiment that it is of. */
export interface SeedVerdict extends Verdict {
  /** Seeds and origin of the figures, in a sentence. */
  readonly shows: string
}

/** The claim about the means over seeds, `[seeds][runs]`; and with how many seeds alone it comes out. */
export function verdictOf(
  check: Claim,
  seeds: readonly [readonly EndedRun[], ...(readonly EndedRun[])[]]
): SeedVerdict {
  const [first, ...more] = seeds
  if (more.length === 0) return { ...check(first), shows: 'Small form: one seed, measured here.' }
  const means = first.map((run, place) => meanRun([run, ...more.flatMap((group) => group[place] ?? [])]))
  const alone = seeds.filter((group) => check(group).holds).length
  return {
    ...check(means),
    shows: `Thorough form: means of ${seeds.length} seeds, measured here; it comes out with ${alone} of the ${seeds.length} alone.`
  }
}
