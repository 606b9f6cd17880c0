import type { Choices } from '../choices'
import type { Domain } from './domain'
import { readQuestions } from './questions'

const expressions = 3
const operands = 100

/**
 * Three sums or differences of numbers from 0 to 99: `77+30=107 95-81=14 8+8=16`
 *
 * Behaves like a memorised table in models of this size, though a larger one could compute it. Entropy of one
 * expression: log 2 for the sign and 2 log 100 for the operands. The larger operand of a difference is written
 * first, so unequal operands have two ways to be drawn for one text and their difference carries log 2 less.
 */
export const arith: Domain = {
  id: 'arith',
  tests: 'table',
  title: 'sums and differences',
  prompt: /^[^=]*=/,
  write: (choices) => Array.from({ length: expressions }, () => writeExpression(choices)).join(' '),
  entropy: () => ({
    nats: expressions * (Math.log(2) + 2 * Math.log(operands) - 0.5 * (1 - 1 / operands) * Math.log(2)),
    // Each expression is followed by a blank or, the last, by the newline.
    characters: expressions * (1 + meanExpressionLength())
  }),
  truths: (line) =>
    readQuestions(line, /^(\d{1,2})([+-])(\d{1,2})=/, ([, first, sign, second]) => ({
      expected: String(sign === '+' ? Number(first) + Number(second) : Number(first) - Number(second)),
      candidates: sign === '+' ? 2 * operands - 1 : operands
    })),
  openEnded: true
}

/** Writes one expression: `77+30=107`. */
export function writeExpression(choices: Choices): string {
  const first = choices.integer(operands)
  const second = choices.integer(operands)
  if (choices.chance(0.5)) return sum(first, second)
  if (first !== second) choices.ways(2)
  return difference(first, second)
}

function sum(first: number, second: number): string {
  return `${first}+${second}=${first + second}`
}

function difference(first: number, second: number): string {
  const larger = Math.max(first, second)
  const smaller = Math.min(first, second)
  return `${larger}-${smaller}=${larger - smaller}`
}

function meanExpressionLength(): number {
  let total = 0
  for (let first = 0; first < operands; first++) {
    for (let second = 0; second < operands; second++) {
      total += sum(first, second).length + difference(first, second).length
    }
  }
  return total / (2 * operands * operands)
}
