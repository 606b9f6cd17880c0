import { useAppState } from '../state/app'
import type { LibraryModel } from '../state/library'

/** The two chosen models, left and right; undefined while they are not known. */
export function useChosenModels(): readonly [LibraryModel | undefined, LibraryModel | undefined] {
  const left = useAppState(({ library, choices }) => library?.models.find(({ id }) => id === choices.left))
  const right = useAppState(({ library, choices }) => library?.models.find(({ id }) => id === choices.right))
  return [left, right]
}
