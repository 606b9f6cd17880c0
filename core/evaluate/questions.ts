/** Questions of one generated language: text up to an answer that the world, or the text itself, determines. */
import type { DomainId, Windows, World } from '../corpus'
import { documents, domainIds, domainOf, tokenizer } from '../corpus'
import { createRandom } from '../random'
import type { AnswerSpan } from './answers'

export interface Question {
  readonly domain: DomainId
  /** The text that is read: a document up to the answer. */
  readonly prompt: string
  readonly expected: string
  /** The character that ends the answer where its length does not; else empty. */
  readonly end: string
  /** Probability of guessing the answer knowing its form alone. */
  readonly chance: number
  /** Steps that it takes; undefined where all answers of the domain are alike. */
  readonly difficulty: number | undefined
}

export interface QuestionsOptions {
  readonly world: World
  readonly domain: DomainId
  readonly count: number
  /** Most characters of a question with its answer, and one more for the newline before it: a model's context. */
  readonly context: number
  /** Default 1; another seed draws other questions. */
  readonly seed?: number
}

/**
 * Questions drawn as often as the language asks them, one of each document, so that they are independent. The documents
 * are those of the validation split: drawn independently of every training text. What a small language has few of, such
 * as sums, can stand in both; the facts that memory is asked for must. Always the same for the same options; the first
 * ones do not depend on `count`. Throws a `RangeError` for a language that asks nothing, or nothing so short.
 */
export function drawQuestions({ world, domain: id, count, context, seed = 1 }: QuestionsOptions): Question[] {
  const domain = domainOf(id)
  const random = createRandom(seed, `evaluate/questions/${id}`)
  const questions: Question[] = []
  let tried = 0
  for (const { text } of documents({ world, seed, split: 'validation', domain: id })) {
    if (questions.length >= count) break
    if (++tried > 100 * count) {
      throw new RangeError(`${domain.title}: found ${questions.length} questions of up to ${context} characters`)
    }
    const truths = domain.truths(text.slice(0, -1), world)
    const truth = truths[random.integer(Math.max(1, truths.length))]
    if (!truth) continue
    const { start, expected, candidates, difficulty } = truth
    const answered = start + expected.length
    const end = domain.openEnded ? text.slice(answered, answered + 1) : ''
    if (answered + end.length > context) continue
    questions.push({ domain: id, prompt: text.slice(0, start), expected, end, chance: 1 / candidates, difficulty })
  }
  return questions
}

/**
 * Windows of one question each, read as a prompt is: after a newline, with nothing before it. Their spans are in the
 * order of the questions. All are as long as the longest, rounded up so that languages share a graph.
 */
export function questionWindows(
  questions: readonly Question[],
  context: number
): {
  readonly windows: Pick<Windows, 'count' | 'context' | 'tokens' | 'targets'>
  readonly spans: readonly AnswerSpan[]
} {
  const answers = questions.map(({ expected, end }) => `${expected}${end}`)
  const texts = questions.map(({ prompt }, i) => tokenizer.encode(`\n${prompt}${answers[i]}`))
  const longest = Math.max(0, ...texts.map((text) => text.length - 1))
  const length = Math.min(context, 16 * Math.ceil(longest / 16))
  const tokens = new Int32Array(questions.length * length)
  const targets = new Int32Array(questions.length * length)
  const spans = questions.map(({ prompt, domain, difficulty }, i): AnswerSpan => {
    const text = texts[i] ?? new Uint8Array()
    tokens.set(text.slice(0, -1), i * length)
    targets.set(text.slice(1), i * length)
    const start = i * length + prompt.length
    return { domain: domainIds.indexOf(domain), start, end: start + (answers[i]?.length ?? 0), difficulty }
  })
  return { windows: { count: questions.length, context: length, tokens, targets }, spans }
}
