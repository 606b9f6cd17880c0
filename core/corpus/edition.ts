/**
 * The editions of the generated corpus: which words its world is made of, and how hard its tasks are. What was trained
 * on an edition can be continued and measured on it for ever, so an edition never changes.
 */
import type { DomainId } from './domain-ids'

/**
 * 1: invented syllables (`geba lives in pedu, eats reti, is vopu.`) and tasks of few steps.
 * 2: English words (`anna lives in oslo, eats figs, is kind.`), and tasks of many lengths, with more text for those that
 * test computation.
 */
export type Edition = 1 | 2

/** The edition that models are trained on from now on, and the shipped ones were. */
export const currentEdition: Edition = 2

/** The tasks of an edition and the shares of its domains. */
export interface EditionRules {
  /** Letters of a sequence to be reversed or sorted: least and most. */
  readonly sequence: readonly [shortest: number, longest: number]
  /** Brackets before the bar: least and most, and the greatest depth. */
  readonly brackets: readonly [shortest: number, longest: number, deepest: number]
  /** Names of variables, a letter each. */
  readonly variables: string
  /** Assignments before the questions: least and most. */
  readonly assignments: readonly [fewest: number, most: number]
  /** Between a variable and what is assigned to it. */
  readonly assign: string
  /** Probability that a later variable is assigned a digit, and not an earlier variable plus or minus one. */
  readonly constant: number
  /** Range of the digit that is added to an earlier variable or taken from it. */
  readonly difference: readonly [least: number, most: number]
  /** Variables that are asked for after the assignments; undefined asks for each once. */
  readonly questions: number | undefined
  /** Shares of characters by domain. */
  readonly shares: Readonly<Record<DomainId, number>>
}

/** The rules of each edition. */
export const editions: Readonly<Record<Edition, EditionRules>> = {
  1: {
    sequence: [3, 7],
    brackets: [6, 16, 7],
    variables: 'abcxyz',
    assignments: [2, 4],
    assign: ':=',
    constant: 0.4,
    difference: [0, 9],
    questions: 2,
    shares: { fact: 0.28, dict: 0.16, book: 0.16, arith: 0.09, seq: 0.09, brkt: 0.07, var: 0.07, engl: 0.08 }
  },
  2: {
    sequence: [4, 12],
    brackets: [8, 24, 9],
    variables: 'abc',
    assignments: [2, 3],
    assign: '=',
    constant: 0.6,
    difference: [1, 3],
    questions: undefined,
    shares: { fact: 0.24, dict: 0.12, book: 0.12, arith: 0.05, seq: 0.13, brkt: 0.09, var: 0.21, engl: 0.04 }
  }
}
