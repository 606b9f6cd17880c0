import type { Choices } from '../choices'
import type { DomainId } from '../domain-ids'
import type { World } from '../world'

/** One generated language: how a document is written, and how much information it carries. */
export interface Domain {
  readonly id: DomainId
  /**
   * Ability that it tests: `memory` of the world, `computation` from the text before, a `table` of
   * results that could be computed but that small models memorise, or a `grammar`.
   */
  readonly tests: 'memory' | 'computation' | 'table' | 'grammar'
  /** A few plain words for the screen. */
  readonly title: string
  /** The steps that its answers take, in a few words; absent where all are alike. */
  readonly difficulty?: string
  /** Matches the beginning of a document up to its first answer; no match where a document asks for nothing. */
  readonly prompt: RegExp
  /** Writes one document, without its final newline. Every choice is drawn from `choices`. */
  write(choices: Choices, world: World): string
  /** Exact expectations over all documents. */
  entropy(world: World): DocumentEntropy
  /**
   * The truths that one line, finished or not, asks for, in the order of the line; none for what the domain cannot
   * read. Each depends only on the text before its `start`.
   */
  truths(line: string, world: World): Truth[]
  /** Answers to the same kind of question differ in length, so that only the character after one shows its end. */
  readonly openEnded?: true
}

/** The right answer at one place of a line. */
export interface Truth {
  /** Start of the answer, in characters from the start of the line. */
  readonly start: number
  /** The right answer, never empty. */
  readonly expected: string
  /** Steps that the answer takes, where the tasks of a domain differ in them: its `difficulty` says which steps. */
  readonly difficulty?: number
  /** Answers of the right form: who knows nothing but the form guesses 1 of so many. */
  readonly candidates: number
}

/** Mean entropy and length of a document. */
export interface DocumentEntropy {
  /** Expected information, in nats. */
  readonly nats: number
  /** Expected length, in characters, with the final newline. */
  readonly characters: number
}

/** Entropy of a choice that is true with the given probability, in nats. */
export function chanceEntropy(probability: number): number {
  return -probability * Math.log(probability) - (1 - probability) * Math.log(1 - probability)
}

/** Mean length of strings, in characters. */
export function meanLength(texts: Iterable<string>): number {
  const lengths = Array.from(texts, (text) => text.length)
  return lengths.reduce((sum, length) => sum + length, 0) / lengths.length
}
