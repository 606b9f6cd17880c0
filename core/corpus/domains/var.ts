import { chanceEntropy, type Domain } from './domain'
import { readQuestions } from './questions'

const constant = 0.4
const operators = ['+', '-'] as const

/**
 * Two to four assignments modulo 10, then the values of two of the variables: `a:=3;b:=a+2;b?5 a?3`
 *
 * Tests computation: values follow from the assignments. Every name is new (from abcxyz); the first value is a digit,
 * later ones a digit with probability 0.4, else an earlier variable plus or minus a digit. Entropy: log 3 for the
 * number of assignments n; log of the names left for each; log 10 for the first value, and for the one after i others
 * H(0.4) + 0.4 log 10 + 0.6 (log i + log 20); log n(n-1) for the two questions, which differ. All of it stands in
 * the text (adding and subtracting 0 look different), so there is one way to write it.
 */
export const variable: Domain = {
  id: 'var',
  tests: 'computation',
  title: 'variables modulo 10',
  prompt: /^[^?]*\?/,
  ...assignments('abcxyz', 2, 4)
}

/**
 * Writing and entropy of documents with a number of assignments uniform between two bounds, both included; at least
 * 2, and at most as many as there are names. Truths for any number of assignments and questions.
 */
export function assignments(names: string, fewest: number, most: number): Pick<Domain, 'write' | 'entropy' | 'truths'> {
  const counts = Array.from({ length: most - fewest + 1 }, (_, index) => fewest + index)
  return {
    write(choices) {
      const values = new Map<string, number>()
      let text = ''
      const count = choices.between(fewest, most)
      while (values.size < count) {
        const name = choices.item([...names].filter((candidate) => !values.has(candidate)))
        if (values.size === 0 || choices.chance(constant)) {
          const digit = choices.integer(10)
          values.set(name, digit)
          text += `${name}:=${digit};`
        } else {
          const [other, value] = choices.item([...values])
          const digit = choices.integer(10)
          const operator = choices.item(operators)
          values.set(name, calculate(value, operator, digit))
          text += `${name}:=${other}${operator}${digit};`
        }
      }
      const first = choices.item([...values])
      const second = choices.item([...values].filter(([name]) => name !== first[0]))
      return `${text}${first.join('?')} ${second.join('?')}`
    },
    entropy() {
      const documents = counts.map((count) => {
        let nats = Math.log(counts.length) + Math.log(count * (count - 1))
        for (let earlier = 0; earlier < count; earlier++) {
          nats += Math.log(names.length - earlier) + valueEntropy(earlier)
        }
        const laterLength = constant * 'b:=2;'.length + (1 - constant) * 'b:=a+2;'.length
        const characters = 'a:=3;'.length + (count - 1) * laterLength + 'b?5 a?3\n'.length
        return { nats, characters }
      })
      return {
        nats: documents.reduce((sum, { nats }) => sum + nats, 0) / counts.length,
        characters: documents.reduce((sum, { characters }) => sum + characters, 0) / counts.length
      }
    },
    truths(line) {
      const [assigned = ''] = /^([a-z]:=([a-z][+-])?\d;)+/.exec(line) ?? []
      const values = readAssignments(assigned)
      return readQuestions(line.slice(assigned.length), /^([a-z])\?/, ([, name = '']) =>
        values.get(name)?.toString()
      ).map(({ start, expected }) => ({ start: assigned.length + start, expected }))
    }
  }
}

/** The values of variables after well-formed assignments; one from an unknown variable leaves its own unknown. */
function readAssignments(text: string): Map<string, number> {
  const values = new Map<string, number>()
  for (const [, name = '', other, operator = '+', digit] of text.matchAll(/(.):=(?:(.)(.))?(.);/g)) {
    const base = other ? values.get(other) : 0
    if (base === undefined) values.delete(name)
    else values.set(name, calculate(base, operator, Number(digit)))
  }
  return values
}

function calculate(value: number, operator: string, digit: number): number {
  return (value + (operator === '+' ? digit : 10 - digit)) % 10
}

function valueEntropy(earlier: number): number {
  const digit = Math.log(10)
  if (earlier === 0) return digit
  const reference = Math.log(earlier) + Math.log(operators.length) + digit
  return chanceEntropy(constant) + constant * digit + (1 - constant) * reference
}
