import type { EditionRules } from '../edition'
import { byEdition } from './by-edition'
import { chanceEntropy, type Domain, type Truth } from './domain'
import { readQuestions } from './questions'

const operators = ['+', '-'] as const

/**
 * Some assignments modulo 10, then the values of variables: `a=3;b=a+2;b?5 a?3`
 *
 * Tests computation: values follow from the assignments. Every name is new; the first value is a digit, later ones a digit with
 * probability c, else an earlier variable plus or minus one of m numbers. In the first edition there are two to four
 * assignments, written `a:=3`, to names from abcxyz, c is 0.4, m 10 (0 to 9), and two variables are asked for; in the
 * second two or three to names from abc, c is 0.6, m 3 (1 to 3), and each variable is asked for. Six names were tried:
 * models of width 64 learn no binding of a value to one of so many within 1.6 M characters. Entropy: the logarithm of how many numbers of
 * assignments n there are; log of the names left for each; log 10 for the first value, and for the one after i others
 * H(c) + c log 10 + (1 - c) (log i + log 2m); log n for the first question, log (n - 1) for the next, and so on. All of
 * it stands in the text (adding and subtracting 0 look different), so there is one way to write it.
 */
export const variable: Domain = {
  id: 'var',
  tests: 'computation',
  title: 'variables modulo 10',
  difficulty: 'assignments',
  prompt: /^[^?]*\?/,
  ...byEdition(({ variables, assignments: [fewest, most], ...rules }) => assignments(variables, fewest, most, rules)),
  truths: readQuestionsAboutVariables
}

/**
 * Writing and entropy of documents with a number of assignments uniform between two bounds, both included; at least
 * 2, and at most as many as there are names.
 */
export function assignments(
  names: string,
  fewest: number,
  largest: number,
  { assign, constant, difference, questions }: Pick<EditionRules, 'assign' | 'constant' | 'difference' | 'questions'>
): Pick<Domain, 'write' | 'entropy'> {
  const [least, most] = difference
  const counts = Array.from({ length: largest - fewest + 1 }, (_, index) => fewest + index)
  return {
    write(choices) {
      const values = new Map<string, number>()
      let text = ''
      const count = choices.between(fewest, largest)
      while (values.size < count) {
        const name = choices.item([...names].filter((candidate) => !values.has(candidate)))
        if (values.size === 0 || choices.chance(constant)) {
          const digit = choices.integer(10)
          values.set(name, digit)
          text += `${name}${assign}${digit};`
        } else {
          const [other, value] = choices.item([...values])
          const digit = choices.between(least, most)
          const operator = choices.item(operators)
          values.set(name, calculate(value, operator, digit))
          text += `${name}${assign}${other}${operator}${digit};`
        }
      }
      const asked = new Map<string, number>()
      while (asked.size < (questions ?? count)) {
        asked.set(...choices.item([...values].filter(([name]) => !asked.has(name))))
      }
      return text + Array.from(asked, (each) => each.join('?')).join(' ')
    },
    entropy() {
      const documents = counts.map((count) => {
        let nats = Math.log(counts.length)
        for (let asked = 0; asked < (questions ?? count); asked++) nats += Math.log(count - asked)
        for (let earlier = 0; earlier < count; earlier++) {
          nats += Math.log(names.length - earlier) + valueEntropy(earlier, constant, most - least + 1)
        }
        const first = `a${assign}3;`.length
        const laterLength = first + (1 - constant) * 'a+'.length
        const characters = first + (count - 1) * laterLength + (questions ?? count) * 'b?5 '.length
        return { nats, characters }
      })
      return {
        nats: documents.reduce((sum, { nats }) => sum + nats, 0) / counts.length,
        characters: documents.reduce((sum, { characters }) => sum + characters, 0) / counts.length
      }
    }
  }
}

/** The values asked for after any number of assignments, as hard as there are assignments that the value rests on. */
function readQuestionsAboutVariables(line: string): Truth[] {
  const [assigned = ''] = /^(?:([a-z]:=([a-z][+-])?\d;)+|([a-z]=([a-z][+-])?\d;)+)/.exec(line) ?? []
  const values = readAssignments(assigned)
  const nameOf = /^([a-z])\?/
  return readQuestions(line.slice(assigned.length), nameOf, ([, name = '']) => {
    const found = values.get(name)
    return found && { expected: found.value.toString(), difficulty: found.chain, candidates: 10 }
  }).map((truth) => ({ ...truth, start: assigned.length + truth.start }))
}

interface Assigned {
  readonly value: number
  /** Assignments that the value rests on, its own included. */
  readonly chain: number
}

/** The values of variables after well-formed assignments; one from an unknown variable leaves its own unknown. */
function readAssignments(text: string): Map<string, Assigned> {
  const values = new Map<string, Assigned>()
  for (const [, name = '', other, operator = '+', digit] of text.matchAll(/(.):?=(?:(.)(.))?(.);/g)) {
    const base = other ? values.get(other) : { value: 0, chain: 0 }
    if (base === undefined) values.delete(name)
    else values.set(name, { value: calculate(base.value, operator, Number(digit)), chain: base.chain + 1 })
  }
  return values
}

function calculate(value: number, operator: string, digit: number): number {
  return (value + (operator === '+' ? digit : 10 - digit)) % 10
}

function valueEntropy(earlier: number, constant: number, differences: number): number {
  const digit = Math.log(10)
  if (earlier === 0) return digit
  const reference = Math.log(earlier) + Math.log(operators.length) + Math.log(differences)
  return chanceEntropy(constant) + constant * digit + (1 - constant) * reference
}
