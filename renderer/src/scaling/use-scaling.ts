import { useApp, useAppState } from '../state/app'
import type { ScalingChoices } from './choices'

/** What is asked of scaling laws, and how it is changed. */
export function useScaling(): readonly [chosen: ScalingChoices, choose: (changes: Partial<ScalingChoices>) => void] {
  const { store, choose } = useApp()
  const chosen = useAppState(({ choices }) => choices.scaling)
  return [chosen, (changes) => choose({ scaling: { ...store.getState().choices.scaling, ...changes } })]
}
