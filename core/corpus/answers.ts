import type { DomainId } from './domain-ids'
import { domainOf, domains } from './domains'
import type { Domain, Truth } from './domains/domain'
import type { World } from './world'

/** A part of a text that the world, or the text before it, determines. */
export interface Answer {
  readonly domain: DomainId
  /** Offsets in the text, in characters; `end` is exclusive. */
  readonly start: number
  readonly end: number
  /** The answer in the text. */
  readonly given: string
  /** The true answer. */
  readonly expected: string
  readonly correct: boolean
}

/** Number of right answers, and of all. */
export interface Tally {
  readonly right: number
  readonly total: number
}

/** The tally of all answers and, for those that occur, by what their domains test. */
export interface AnswerTally extends Tally {
  readonly byTests: Readonly<Partial<Record<Domain['tests'], Tally>>>
}

/**
 * Marks the answers of a text of several lines, each a document, by their position. The text may begin with the
 * newline before a document and its last line may be unfinished.
 *
 * Answers are: place, food and job of a person; the value of a word or key; the result of a sum or difference;
 * rearranged letters; all brackets after the bar, where any are due; the value of a variable. A question without a
 * truth (unknown person, word, key or variable, or a text that no grammar reads) gives no answer.
 *
 * An answer ends with a blank, comma, full stop or newline. It is reported once that is written or, where the question
 * settles the length of its answer, once it is as long; should the text go on with it after that, it becomes wrong.
 */
export function checkAnswers(text: string, world: World): Answer[] {
  const lines = text.split('\n')
  let lineStart = 0
  const answers = lines.flatMap((line, index) => {
    const start = lineStart
    const finished = index < lines.length - 1
    lineStart += line.length + 1
    return domains.flatMap((domain) =>
      domain.truths(line, world).flatMap((truth) => readAnswer(domain, truth, line, finished, start))
    )
  })
  return answers.sort((a, b) => a.start - b.start)
}

/** Counts answers. */
export function tallyAnswers(answers: readonly Answer[]): AnswerTally {
  const testsOf = ({ domain }: Answer) => domainOf(domain).tests
  const kinds = [...new Set(answers.map(testsOf))]
  const byTests = kinds.map((tests) => [tests, tally(answers.filter((answer) => testsOf(answer) === tests))])
  return { ...tally(answers), byTests: Object.fromEntries(byTests) }
}

/** The answer that a line gives where a truth is asked for; none while it is not complete. */
function readAnswer(domain: Domain, { start, expected }: Truth, line: string, finished: boolean, lineStart: number) {
  const [given = ''] = /^[^ ,.]*/.exec(line.slice(start)) ?? []
  const ended = finished || start + given.length < line.length
  if (!ended && (domain.openEnded || given.length < expected.length)) return []
  const from = lineStart + start
  return [{ domain: domain.id, start: from, end: from + given.length, given, expected, correct: given === expected }]
}

function tally(answers: readonly Answer[]): Tally {
  return { right: answers.filter(({ correct }) => correct).length, total: answers.length }
}
