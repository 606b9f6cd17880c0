/** Right and wrong answers of a model that reads text with the right ones: how surprised it is, and what it would say. */
import type { DomainId, Windows, World } from '../corpus'
import { domainIds, domainOf, tokenizer, uncounted } from '../corpus'

/** An answer in windows of validation text. */
export interface AnswerSpan {
  /** Index in `domainIds`. */
  readonly domain: number
  /** Positions among the targets of all windows; `end` is exclusive, and holds what ends an open-ended answer. */
  readonly start: number
  readonly end: number
  /** Steps that it takes; undefined where all answers of the domain are alike. */
  readonly difficulty: number | undefined
}

/** Score of a model on answers of one kind. */
export interface AnswerScore {
  /** Mean nats per character of the answers. */
  readonly loss: number
  readonly characters: number
  /** Answers of which every character is the most likely one, after the right ones before it. */
  readonly right: number
  readonly total: number
}

/** Score of a model on the answers of a domain, and on those of each difficulty, easiest first. */
export interface DomainAnswers extends AnswerScore {
  readonly byDifficulty: readonly (AnswerScore & { readonly difficulty: number })[]
}

export type AnswersByDomain = Readonly<Partial<Record<DomainId, DomainAnswers>>>

/** The answers of the documents that validation windows count. */
export function answerSpans({ count, context, targets, domains }: Windows, world: World): AnswerSpan[] {
  return Array.from({ length: count }, (_, window) => {
    const from = window * context
    const lines = tokenizer.decode(targets.subarray(from, from + context)).split('\n')
    let start = from
    return lines.flatMap((line) => {
      const lineStart = start
      start += line.length + '\n'.length
      const index = domains[lineStart] ?? uncounted
      const id = domainIds[index]
      return id === undefined ? [] : spansOf(line, lineStart, index, domainOf(id), world)
    })
  }).flat()
}

function spansOf(line: string, lineStart: number, domain: number, of: ReturnType<typeof domainOf>, world: World) {
  return of.truths(line, world).map(({ start, expected, difficulty }): AnswerSpan => {
    const from = lineStart + start
    return { domain, start: from, end: from + expected.length + (of.openEnded ? 1 : 0), difficulty }
  })
}

/**
 * Scores answers by domain, from the loss of every target in nats and by how much its logit is below the largest;
 * both `[windows * context]`.
 */
export function scoreAnswers(spans: readonly AnswerSpan[], nats: Float32Array, margins: Float32Array): AnswersByDomain {
  const scores = distinct(spans.map(({ domain }) => domain)).map((domain) => {
    const all = spans.filter((span) => span.domain === domain)
    const difficulties = distinct(all.flatMap(({ difficulty }) => difficulty ?? []))
    const byDifficulty = difficulties.map((difficulty) => {
      const some = all.filter((span) => span.difficulty === difficulty)
      return { difficulty, ...scoreOf(some, nats, margins) }
    })
    return [domainIds[domain], { ...scoreOf(all, nats, margins), byDifficulty }] as const
  })
  return Object.fromEntries(scores)
}

/** Different numbers, smallest first. */
function distinct(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b)
}

/** The scores of some domains together; NaN for none. */
export function joinScores(scores: readonly AnswerScore[]): AnswerScore {
  const total = (of: (score: AnswerScore) => number) => scores.reduce((sum, score) => sum + of(score), 0)
  const characters = total((score) => score.characters)
  return {
    loss: total((score) => score.loss * score.characters) / characters,
    characters,
    right: total(({ right }) => right),
    total: total((score) => score.total)
  }
}

function scoreOf(spans: readonly AnswerSpan[], nats: Float32Array, margins: Float32Array): AnswerScore {
  let sum = 0
  let characters = 0
  let right = 0
  for (const { start, end } of spans) {
    let margin = 0
    for (let position = start; position < end; position++) {
      sum += nats[position] ?? Number.NaN
      margin = Math.max(margin, margins[position] ?? Number.NaN)
    }
    characters += end - start
    if (margin === 0) right++
  }
  return { loss: sum / characters, characters, right, total: spans.length }
}
