/** The answers in a model's text, checked: the languages are generated, so the truth is known. */
import { checkAnswers, type Tally, tallyAnswers } from '@core/corpus'
import type { StepRecord } from '@core/generate/records'
import { useAppState } from '../state/app'
import { world } from './examples'

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
const checked = new WeakMap<readonly StepRecord[], CheckedText>()

/** The checked text of one model; computed once for every state of the text. */
export function useCheckedText(side: 0 | 1): CheckedText {
  const steps = useAppState(({ contestants }) => contestants[side].steps)
  const found = checked.get(steps) ?? checkText(steps)
  checked.set(steps, found)
  return found
}

/** Checks what follows the prompt; an answer that the prompt gives is nobody's merit. */
export function checkText(steps: readonly StepRecord[]): CheckedText {
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
