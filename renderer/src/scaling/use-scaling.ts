import { useApp, useAppState } from '../state/app'
import type { ScalingChoices } from './choices'

/** The view's choices, and a function that changes them. */
export function useScaling(): readonly [chosen: ScalingChoices, choose: (changes: Partial<ScalingChoices>) => void] {
  const { store, choose } = useApp()
  const chosen = useAppState(({ choices }) => choices.scaling)
  return [chosen, (changes) => choose({ scaling: { ...store.getState().choices.scaling, ...changes } })]
}
