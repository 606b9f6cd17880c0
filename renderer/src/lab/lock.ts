/** Runs that are kept equal to others while these are edited. */
import { countParameters, trainFlopsPerToken } from '@core/arch/count/count'
import { type LabRun, type LockedQuantity, type TrainingChoices, trainingLimits } from './choices'
import { expectedSeconds } from './expected-time'
import { chosenArchitecture } from './plan'
import { charactersPerStep, trainingProblems } from './problems'
import type { ShownTraining } from './state'

/** Total or active parameters (all weights), or the arithmetic of the whole training. Throws as `chosenArchitecture`. */
export function quantityOf(choices: TrainingChoices, quantity: Exclude<LockedQuantity, 'time'>): number {
  const architecture = chosenArchitecture(choices)
  if (quantity === 'flops') return trainFlopsPerToken(architecture) * choices.characters
  const { total, active } = countParameters(architecture)
  return quantity === 'total' ? total : active.all
}

/**
 * The runs, of which those that are locked are made equal to their partners as nearly as whole numbers allow: in
 * parameters by the hidden width of the feed-forward or of each expert, in training FLOPs and in expected time by the
 * number of steps. Where no time can be expected, one that is locked in it stays as it is.
 *
 * @param seen trainings by whose speed the time is expected
 */
export function withLocks(runs: readonly LabRun[], seen: readonly ShownTraining[]): LabRun[] {
  const solved = [...runs]
  // The partner of one that is locked may be locked itself.
  for (let pass = 0; pass < 2; pass++) {
    for (const [place, run] of solved.entries()) {
      const partner = run.lock && run.lock.to !== place ? solved[run.lock.to] : undefined
      if (!run.lock || !partner || trainingProblems(partner).length > 0 || trainingProblems(run).length > 0) continue
      solved[place] = matched(run, partner, run.lock.in, seen)
    }
  }
  return solved
}

function matched(run: LabRun, partner: LabRun, quantity: LockedQuantity, seen: readonly ShownTraining[]): LabRun {
  if (quantity === 'time' || quantity === 'flops') {
    const costOf = (each: LabRun) => (quantity === 'time' ? expectedSeconds(each, seen) : quantityOf(each, 'flops'))
    const perStep = charactersPerStep(run)
    const [target, step] = [costOf(partner), costOf({ ...run, characters: perStep })]
    if (target === undefined || step === undefined) return run
    return { ...run, characters: clamp(Math.round(target / step) * perStep, trainingLimits.characters) }
  }
  const target = quantityOf(partner, quantity)
  const field = run.kind === 'dense' ? 'feedForwardWidth' : 'expertWidth'
  const at = (hidden: number) => quantityOf({ ...run, [field]: hidden }, quantity)
  // Parameters grow evenly with the hidden width.
  const hidden = 1 + Math.round((target - at(1)) / (at(2) - at(1)))
  return { ...run, [field]: clamp(hidden, trainingLimits.hidden) }
}

function clamp(value: number, [least, most]: readonly [number, number]): number {
  return Math.min(most, Math.max(least, value))
}
