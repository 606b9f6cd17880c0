/** Runs that are kept equal to others while these are edited. */
import { countParameters, trainFlopsPerToken } from '@core/arch/count/count'
import { type LabRun, type LockedQuantity, type TrainingChoices, trainingLimits } from './choices'
import { chosenArchitecture } from './plan'
import { charactersPerStep, trainingProblems } from './problems'

/** Total or active parameters (all weights), or the arithmetic of the whole training. Throws as `chosenArchitecture`. */
export function quantityOf(choices: TrainingChoices, quantity: LockedQuantity): number {
  const architecture = chosenArchitecture(choices)
  if (quantity === 'flops') return trainFlopsPerToken(architecture) * choices.characters
  const { total, active } = countParameters(architecture)
  return quantity === 'total' ? total : active.all
}

/**
 * The runs, of which those that are locked are made equal to their partners as nearly as whole numbers allow: in
 * parameters by the hidden width of the feed-forward or of each expert, in training FLOPs by the number of steps.
 */
export function withLocks(runs: readonly LabRun[]): LabRun[] {
  const solved = [...runs]
  // The partner of one that is locked may be locked itself.
  for (let pass = 0; pass < 2; pass++) {
    for (const [place, run] of solved.entries()) {
      const partner = run.lock && run.lock.to !== place ? solved[run.lock.to] : undefined
      if (!run.lock || !partner || trainingProblems(partner).length > 0 || trainingProblems(run).length > 0) continue
      solved[place] = matched(run, quantityOf(partner, run.lock.in), run.lock.in)
    }
  }
  return solved
}

function matched(run: LabRun, target: number, quantity: LockedQuantity): LabRun {
  if (quantity === 'flops') {
    const perStep = charactersPerStep(run)
    const steps = Math.round(target / quantityOf({ ...run, characters: perStep }, 'flops'))
    return { ...run, characters: clamp(steps * perStep, trainingLimits.characters) }
  }
  const field = run.kind === 'dense' ? 'feedForwardWidth' : 'expertWidth'
  const at = (hidden: number) => quantityOf({ ...run, [field]: hidden }, quantity)
  // Parameters grow evenly with the hidden width.
  const hidden = 1 + Math.round((target - at(1)) / (at(2) - at(1)))
  return { ...run, [field]: clamp(hidden, trainingLimits.hidden) }
}

function clamp(value: number, [least, most]: readonly [number, number]): number {
  return Math.min(most, Math.max(least, value))
}
