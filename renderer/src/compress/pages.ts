/** Pages of the view, each with its question; those that few ask for are loaded when they are. */
import type { LibraryModel } from '../state/library'
import type { CompressChoices, CompressPage } from './choices'
import type { Sweep } from './sweeps'

/** Everything that a page is about. */
export interface PageProps {
  readonly model: LibraryModel
  readonly chosen: CompressChoices
  /** The known sweeps of the model, the last one last. */
  readonly sweeps: readonly Sweep[]
  readonly choose: (changes: Partial<CompressChoices>) => void
}

export const pages: readonly { readonly value: CompressPage; readonly label: string; readonly question: string }[] = [
  { value: 'sweep', label: 'Size and loss', question: 'How small can the same model be?' },
  { value: 'text', label: 'Text', question: 'What does the smaller model write?' },
  { value: 'parts', label: 'Sensitive parts', question: 'Which layers and experts stand it least?' },
  { value: 'alike', label: 'Similar parts', question: 'Which layers and experts do nearly the same?' }
]
