/** Options that answer the open questions of other software's traces. */
import { FormatError } from '@core/formats/format-error'
import { AnswerError, type Answers, type Question, type QuestionId } from '@core/routing/importers/importer'
import { FormatChoiceError, importers } from '@core/routing/importers/open'
import { FailureError, UsageError } from '../terminal/errors'
import { oneOf, wholeNumber } from '../terminal/options'
import type { Terminal } from '../terminal/terminal'

const text = { type: 'string' } as const

/** Options of every command that opens routing. */
export const answerOptions = {
  from: text,
  'top-k': text,
  'row-layers': text,
  experts: text,
  gates: text,
  axes: text,
  'dense-layers': text
} as const

export type AnswerValues = Readonly<Partial<Record<keyof typeof answerOptions, string | undefined>>>

/** The option that answers each question, and the word for its value; `--layers` is the part that is measured. */
const optionOf = {
  'top-k': ['--top-k', 'K'],
  layers: ['--row-layers', 'N'],
  experts: ['--experts', 'E'],
  gates: ['--gates', 'KIND'],
  axes: ['--axes', 'ORDER'],
  'dense-layers': ['--dense-layers', 'WHAT']
} as const satisfies Record<QuestionId, readonly [option: string, word: string]>

/** The option that answers a question. */
export function optionName(id: QuestionId): string {
  return optionOf[id][0]
}

/** Format and answers as the options give them. Throws a `UsageError` for an unknown format and for what is no number. */
export function openingOf(values: AnswerValues): { readonly format: string | undefined; readonly answers: Answers } {
  const known = importers.map(({ format }) => format)
  const counts = { 'top-k': values['top-k'], layers: values['row-layers'], experts: values.experts }
  const words = { gates: values.gates, axes: values.axes, 'dense-layers': values['dense-layers'] }
  return {
    format: values.from === undefined ? undefined : oneOf('--from', values.from, known),
    answers: {
      ...mapGiven(counts, (id, count) => wholeNumber(optionName(id), count)),
      ...mapGiven(words, (_, word) => word)
    }
  }
}

function mapGiven<Id extends QuestionId>(
  values: Readonly<Record<Id, string | undefined>>,
  answer: (id: Id, value: string) => number | string
): Answers {
  const given = (Object.keys(values) as Id[]).flatMap((id) => {
    const value = values[id]
    return value === undefined ? [] : [[id, answer(id, value)] as const]
  })
  return Object.fromEntries(given)
}

/** Tells what can be given, and turns what is asked into wrong usage and a damaged file into a failure. */
export function explained(error: unknown, input: string, terminal: Terminal): unknown {
  if (error instanceof FormatError) return new FailureError(error.message, { cause: error })
  if (error instanceof FormatChoiceError) return new UsageError(`${error.message} with --from`, { cause: error })
  if (!(error instanceof AnswerError)) return error
  const options = error.questions.map((question) => `  ${optionText(question)}\n`)
  const openedWith = options.length > 0 ? `and can be opened with\n${options.join('')}` : ''
  terminal.tell(`${input} begins with\n${indented(error.preview)}\n${openedWith}`)
  const needed = error.questions.filter((question) => question.needed).map(({ id }) => optionName(id))
  const give = needed.length > 0 ? `; give ${needed.join(' and ')}` : ''
  return new UsageError(`${input}: ${error.message}${give}`, { cause: error })
}

function optionText({ id, label, proposal, choices }: Question): string {
  const may = choices ? `; ${choices.join(' or ')}` : ''
  const proposed = proposal === undefined ? '' : `; proposed: ${proposal}`
  return `${optionOf[id].join(' ').padEnd(20)} ${label}${may}${proposed}`
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}
