/** The chain of transforms that is chosen, and which of them has the setting that is varied. */
import { type TransformSpec, transformOf, transforms } from '@core/compress'
import type { Settings } from '@core/compress/transform'
import { problemsOf } from '@core/formats/problems'
import { type ChosenStep, type CompressChoices, mostBeside } from './choices'

/** The part of the choices that says which transforms are applied. */
export type ChosenChain = Pick<CompressChoices, 'transform' | 'settings' | 'before' | 'after'>

/** All transforms in the order in which they are applied; that with the varied setting stands at `before.length`. */
export function stepsOf({ transform, settings, before, after }: ChosenChain): readonly ChosenStep[] {
  return [...before, { transform, settings }, ...after]
}

/** The choices of a chain whose transform at `varied` has the setting that is varied. */
export function chainOf(steps: readonly ChosenStep[], varied: number): ChosenChain {
  const step = steps[varied]
  if (!step) throw new RangeError(`a chain of ${steps.length} transforms has none at ${varied}`)
  return { ...step, before: steps.slice(0, varied), after: steps.slice(varied + 1) }
}

/** Gives a step another transform or other settings. */
export function withStep(chosen: ChosenChain, place: number, step: ChosenStep): ChosenChain {
  return chainOf(stepsOf(chosen).with(place, step), chosen.before.length)
}

/** Takes a transform out. Where its setting was the one that is varied, that of the one after it is, or before it. */
export function withoutStep(chosen: ChosenChain, place: number): ChosenChain {
  const steps = stepsOf(chosen).toSpliced(place, 1)
  const varied = chosen.before.length - (place < chosen.before.length ? 1 : 0)
  return chainOf(steps, Math.min(varied, steps.length - 1))
}

/**
 * Adds a transform: rounding comes last, and a model is quantised once, so that any other comes before it. Undefined where
 * the chain is as long as it can be.
 */
export function withOneMore(chosen: ChosenChain): ChosenChain | undefined {
  const steps = stepsOf(chosen)
  const rounding = steps.findIndex(({ transform }) => transformOf(transform).quantises)
  const place = rounding < 0 ? steps.length : rounding
  const isBefore = place <= chosen.before.length && rounding >= 0
  if ((isBefore ? chosen.before : chosen.after).length >= mostBeside) return undefined
  const added: ChosenStep = { transform: rounding < 0 ? 'rtn' : 'magnitude', settings: {} }
  return chainOf(steps.toSpliced(place, 0, added), chosen.before.length + (isBefore ? 1 : 0))
}

/** The ids among the chosen transforms that this build does not have. */
export function unknownTransforms(chosen: ChosenChain): string[] {
  const known = transforms.map(({ id }) => id)
  return stepsOf(chosen).flatMap(({ transform }) => (known.includes(transform) ? [] : [transform]))
}

/** The settings of a step, with the defaults of the others. Throws a `RangeError` that says what they cannot be. */
export function settingsOf({ transform, settings }: ChosenStep): Settings {
  const read = transformOf(transform).settings.safeParse(settings)
  if (!read.success) throw new RangeError(problemsOf(read.error))
  return read.data
}

/** A step as a run has it. Throws as `settingsOf`. */
export function specOf(step: ChosenStep): TransformSpec {
  return { id: step.transform, ...settingsOf(step) }
}
