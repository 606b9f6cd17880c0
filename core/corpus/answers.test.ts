import fc from 'fast-check'
import { expect, test } from 'vitest'
import { vocabularyOf } from '../tokenizers/tokenizer'
import { type Answer, checkAnswers, tallyAnswers } from './answers'
import { type DomainId, domainIds } from './domain-ids'
import { documents } from './generate'
import { tokenizer } from './tokenizer'
import { createWorld } from './world'

const world = createWorld({ edition: 2 })
const alphabet = vocabularyOf(tokenizer)

/** Lines of a domain, each with its final newline. */
function generateLines(domain: DomainId, count: number): string[] {
  const stream = documents({ world, seed: 1, split: 'validation', domain })
  return Array.from({ length: count }, () => stream.next().value.text)
}

const answersOf: Readonly<Record<DomainId, (line: string) => number>> = {
  fact: () => 3,
  dict: () => 3,
  book: () => 3,
  arith: () => 3,
  seq: () => 1,
  brkt: (line) => (line.endsWith('|\n') ? 0 : 1),
  var: (line) => line.split('?').length - 1,
  engl: () => 0
}

test.each(domainIds)('%s: every answer of 2,000 generated documents is right, and there are as many as asked', (id) => {
  const lines = generateLines(id, 2000)
  const text = `\n${lines.join('')}`
  const answers = checkAnswers(text, world)
  expect(answers).toHaveLength(lines.reduce((sum, line) => sum + answersOf[id](line), 0))
  const standsInText = ({ start, end, expected }: Answer) => text.slice(start, end) === expected
  expect(answers.filter((answer) => !answer.correct || answer.domain !== id || !standsInText(answer))).toEqual([])
})

test('wrong answers are told from right ones, with what is true', () => {
  const small = {
    ...world,
    people: { ...world.people, items: [{ name: 'geba', place: 'pedu', food: 'reti', trait: 'vopu' }] },
    pairs: { ...world.pairs, items: [{ key: 'gemo', value: 'bebu' }] },
    keys: { ...world.keys, items: [{ key: 'n6x', value: 'md' }] }
  }
  const wrong = [
    'geba lives in pedu, eats vopu, is reti.',
    'gemo=bebu guse=zobu gemo=gemo',
    'n6x:dm s1d:vi',
    '77+30=107 95-81=4 8+8=1',
    'srt cab>bca',
    '([]{<|>)})',
    'a:=3;b:=a-5;c:=b+4;c?7 b?8 x?1',
    'the small robots do not follow a tree.'
  ]
  const answers = checkAnswers(wrong.join('\n'), small).map(({ domain, given, expected }) => [domain, given, expected])
  expect(answers).toEqual([
    ['fact', 'pedu', 'pedu'],
    ['fact', 'vopu', 'reti'],
    ['fact', 'reti', 'vopu'],
    ['dict', 'bebu', 'bebu'],
    ['dict', 'gemo', 'bebu'],
    ['book', 'dm', 'md'],
    ['arith', '107', '107'],
    ['arith', '4', '14'],
    ['arith', '1', '16'],
    ['seq', 'bca', 'abc'],
    ['brkt', '>)})', '>})'],
    // 3 - 5 = 8 and 8 + 4 = 2 modulo 10.
    ['var', '7', '2'],
    ['var', '8', '8']
  ])
})

test('one false character makes exactly its answer wrong', () => {
  const line = fc.constantFrom(...domainIds.flatMap((id) => generateLines(id, 100))).filter(hasAnswers)
  // Blank, comma, full stop and newline would end an answer.
  const character = fc.constantFrom(...alphabet.filter((c) => !' ,.\n'.includes(c)))
  fc.assert(
    fc.property(line, fc.nat(), fc.nat(), character, (text, which, where, replacement) => {
      const before = checkAnswers(text, world)
      const hit = before[which % before.length]
      if (!hit) throw new Error(`No answers in ${JSON.stringify(text)}`)
      const position = hit.start + (where % hit.expected.length)
      fc.pre(text[position] !== replacement)
      const changed = text.slice(0, position) + replacement + text.slice(position + 1)
      const given = changed.slice(hit.start, hit.end)
      expect(checkAnswers(changed, world)).toEqual(
        before.map((answer) => (answer === hit ? { ...hit, given, correct: false } : answer))
      )
    }),
    { numRuns: 1000 }
  )
})

test.each(domainIds)('%s: no beginning of a document has a wrong answer, or one that the document lacks', (id) => {
  for (const line of generateLines(id, 50)) {
    const whole = checkAnswers(line, world)
    for (let length = 0; length <= line.length; length++) {
      const answers = checkAnswers(line.slice(0, length), world)
      expect(answers).toEqual(whole.slice(0, answers.length))
      // An answer of fixed length is complete with its last character, a result with the character after it.
      const complete = whole.filter(({ end }) => end + (id === 'arith' ? 1 : 0) <= length)
      expect(answers).toHaveLength(complete.length)
    }
  }
})

test('an answer that is too short is wrong once it has ended, one that is too long once it is', () => {
  const correct = (text: string) => checkAnswers(text, world).map((answer) => answer.correct)
  expect(correct('rev abc>cb')).toEqual([])
  expect(correct('rev abc>cb\n')).toEqual([false])
  expect(correct('rev abc>cba')).toEqual([true])
  expect(correct('rev abc>cbaa')).toEqual([false])
  expect(correct('4+4=8')).toEqual([])
  expect(correct('4+4=80')).toEqual([])
  expect(correct('4+4=80 ')).toEqual([false])
  expect(correct('4+4=\n')).toEqual([false])
})

test.each([
  'nobody lives in pedu, eats reti, is vopu.',
  'zzzz=bebu 1=2 a=b',
  'zz9z:md',
  '1+=2',
  '1234+1=1235',
  'rev abk>kba',
  'srt >',
  '([)]|',
  '(])|)',
  ')|(',
  'a:=3;b?3',
  'a:=3;b:=c+1;b?1',
  'a:=3;a=4;a?4',
  'a?3',
  '|',
  ''
])('%j asks for nothing that is known', (line) => {
  expect(checkAnswers(`${line}\n`, world)).toEqual([])
})

test('any text is read without error, into answers that stand in it one after the other', () => {
  const noise = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 60 })
  const document = fc.constantFrom(...domainIds.flatMap((id) => generateLines(id, 20)))
  const pieces = fc.array(
    fc.oneof(
      noise,
      document,
      fc.tuple(document, fc.nat(40)).map(([text, length]) => text.slice(0, length))
    ),
    { maxLength: 6 }
  )
  fc.assert(
    fc.property(pieces, (parts) => {
      const text = parts.join('')
      const answers = checkAnswers(text, world)
      return answers.every(
        ({ start, end, given, expected, correct }, index) =>
          start >= (answers[index - 1]?.end ?? 0) &&
          text.slice(start, end) === given &&
          correct === (given === expected)
      )
    }),
    { numRuns: 200 }
  )
  fc.assert(fc.property(fc.string(), (text) => Array.isArray(checkAnswers(text, world))))
})

test('tallies count right answers, by what the domains test', () => {
  const answers = checkAnswers('rev abc>cba\n([|])\n1+1=2 2+2=5\n([|)]\n', world)
  expect(tallyAnswers(answers)).toEqual({
    right: 3,
    total: 5,
    byTests: { computation: { right: 2, total: 3 }, table: { right: 1, total: 2 } }
  })
  expect(tallyAnswers([])).toEqual({ right: 0, total: 0, byTests: {} })
})

function hasAnswers(line: string): boolean {
  return checkAnswers(line, world).length > 0
}
