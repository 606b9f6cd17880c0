/** The answers in a model's text, checked: the languages are generated, so the truth is known. */
import { checkAnswers, type Tally, tallyAnswers, type World } from '@core/corpus'
import type { StepRecord } from '@core/generate/records'
import { useAppState } from '../state/app'
import { worldOfCorpus } from './examples'
import { recordedCorpus } from './run-file'
import { useChosenModels } from './use-models'

export interface CheckedText {
  /** Answers that the model wrote itself. */
  readonly tally: Tally
  /** By position in the text: whether the token is part of an answer, and of which kind. */
  readonly marks: ReadonlyMap<number, Mark>
}

export interface Mark {
  readonly correct: boolean
  /** The whole answer that would be right. */
  readonly expected: string
}

/** Checked texts by their steps: the card and its text ask for the same in every frame. */
const checked = new WeakMap<readonly StepRecord[], CheckedText & { readonly world: World }>()

/** The checked text of one model; computed once for every state of the text. */
export function useCheckedText(side: 0 | 1): CheckedText {
  const steps = useAppState(({ contestants }) => contestants[side].steps)
  return useChecked(side, steps)
}

/** The same of what it writes with all experts on; undefined where none is off. */
export function useCheckedWhole(side: 0 | 1): CheckedText | undefined {
  const steps = useAppState(({ wholes }) => wholes[side]?.steps)
  const found = useChecked(side, steps ?? none)
  return steps && found
}

const none: readonly StepRecord[] = []

/** By the world that the model was trained on, of a saved run by that of its recording. */
function useChecked(side: 0 | 1, steps: readonly StepRecord[]): CheckedText {
  const recorded = useAppState(({ replay }) => replay?.models[side])
  const model = useChosenModels()[side]
  const world = worldOfCorpus(recorded ? recordedCorpus(recorded) : model?.corpus)
  const known = checked.get(steps)
  if (known?.world === world) return known
  const found = { ...checkText(steps, world), world }
  checked.set(steps, found)
  return found
}

/** Checks what follows the prompt; an answer that the prompt gives is nobody's merit. */
export function checkText(steps: readonly StepRecord[], world: World): CheckedText {
  const text = steps.map((step) => step.text).join('')
  const positions = steps.flatMap((step) => Array.from(step.text, () => step))
  const answers = checkAnswers(text, world).filter(({ start }) => positions[start]?.source === 'generated')
  const marks = new Map<number, Mark>()
  for (const { start, end, correct, expected } of answers) {
    for (const step of positions.slice(start, end)) marks.set(step.position, { correct, expected })
  }
  const { right, total } = tallyAnswers(answers)
  return { tally: { right, total }, marks }
}
