import { expect, test } from 'vitest'
import { createRandom } from '../../random'
import { createChoices, randomDraws } from '../choices'
import type { DomainId } from '../domain-ids'
import { type EnumeratedText, enumerateTexts } from '../enumeration'
import { foods, towns, traits } from '../words/english'
import { createWorld, type World } from '../world'
import { writeExpression } from './arith'
import { bracketWalk } from './brkt'
import { type Domain } from './domain'
import { firstSentences, writeNounPhrase, writeVerb } from './first-sentences'
import { computationDomains, domains, memoryDomains } from './index'
import { lookup } from './lookup'
import { mealSentences } from './meal-sentences'
import { sequence } from './seq'
import { assignments } from './var'

const worlds = ([1, 2] as const).map((edition) => createWorld({ edition }))
const tiny = createWorld({ edition: 2, names: 5, pairs: 4, keys: 4 })

test('the domains are sorted by what they test', () => {
  expect(memoryDomains).toEqual(['fact', 'dict', 'book'])
  expect(computationDomains).toEqual(['seq', 'brkt', 'var'])
})

/** The information of a document worked out from its text alone, by reading it: it knows nothing of the writer. */
const readers: Readonly<Record<DomainId, (text: string, world: World) => number>> = {
  fact: (text, { people }) =>
    zipfNats(
      people.items.findIndex((p) => text === `${p.name} lives in ${p.place}, eats ${p.food}, is ${p.trait}.`),
      people.items.length
    ),
  dict: (text, { pairs }) => entriesNats(text.split(' '), '=', pairs.items),
  book: (text, { keys }) => entriesNats(text.split(' '), ':', keys.items),
  arith: (text) =>
    sum(
      text.split(' ').map((expression) => {
        const [, a, operator, b, result] = read(/^(\d+)([+-])(\d+)=(\d+)$/, expression)
        expect(Number(result)).toBe(operator === '+' ? Number(a) + Number(b) : Number(a) - Number(b))
        return Math.log(operator === '+' || a === b ? 20_000 : 10_000)
      })
    ),
  seq: (text, { edition }) => {
    const [shortest, longest] = edition === 1 ? [3, 7] : [4, 12]
    const [, operation, letters = '', answer] = read(/^(rev|srt) ([a-j]{3,12})>([a-j]+)$/, text)
    expect(letters.length >= shortest && letters.length <= longest).toBe(true)
    expect(answer).toBe((operation === 'rev' ? [...letters].reverse() : [...letters].sort()).join(''))
    return Math.log(2 * (longest - shortest + 1) * 10 ** letters.length)
  },
  brkt: (text, { edition }) => {
    const [shortest, longest, deepest] = edition === 1 ? [6, 16, 7] : [8, 24, 9]
    const [, walk = '', closers = ''] = read(/^([^|]+)\|(.*)$/, text)
    expect(walk.length >= shortest && walk.length <= longest).toBe(true)
    let open = ''
    let probability = 1 / (longest - shortest + 1)
    for (const bracket of walk + closers) {
      const asked = open.length + closers.length > 0 && bracket === open[0]
      if (asked) open = open.slice(1)
      else open = { '(': ')', '[': ']', '{': '}', '<': '>' }[bracket] + open
    }
    expect(open).toBe('')
    let depth = 0
    for (const bracket of walk) {
      const opening = '([{<'.includes(bracket)
      if (depth > 0 && depth < deepest) probability *= opening ? 0.6 : 0.4
      if (opening) probability /= 4
      depth += opening ? 1 : -1
    }
    expect(depth).toBe(closers.length)
    return -Math.log(probability)
  },
  var: (text, { edition }) => {
    const [counts, names, constant, differences] =
      edition === 1 ? ([3, 6, 0.4, '0123456789'] as const) : ([2, 3, 0.6, '123'] as const)
    const statements = text.split(';')
    const questions = statements.pop() ?? ''
    const values: Record<string, number> = {}
    let probability = 1 / counts
    statements.forEach((statement, earlier) => {
      const [, name = '', other, operator, digit] = read(/^([abcxyz]):?=(?:([abcxyz])([+-]))?(\d)$/, statement)
      expect(values).not.toHaveProperty(name)
      if (other) expect(differences).toContain(digit)
      probability /= (names - earlier) * (other ? differences.length : 10)
      if (earlier > 0) probability *= other ? (1 - constant) / (2 * earlier) : constant
      const base = other ? (values[other] ?? Number.NaN) : 0
      values[name] = (base + (operator === '-' ? -Number(digit) : Number(digit)) + 10) % 10
    })
    const asked = questions.split(' ').map((question) => read(/^(.)\?(\d)$/, question))
    expect(new Set(asked.map(([, name]) => name)).size).toBe(edition === 1 ? 2 : statements.length)
    for (const [, name = '', value] of asked) expect(Number(value)).toBe(values[name])
    const orders = asked.reduce((product, _, before) => product * (statements.length - before), 1)
    return -Math.log(probability / orders)
  },
  engl: (text, { edition }) => {
    if (edition === 2) return mealNats(text)
    const phrase = '(the|this|an?|these|some) (?:([a-z]+) )?([a-z]+)'
    const [, , subjectAdjective, subject, verb = '', , objectAdjective] = read(
      new RegExp(`^${phrase} ((?:do not |does not )?(?:${verbForms}))? ${phrase}\\.$`),
      text
    )
    const plural = /s$|^children$/.test(subject ?? '')
    expect(plural ? /^do not|^[a-z]*(?<!s)$/.test(verb) : /^does not|s$/.test(verb)).toBe(true)
    const phraseProbability = (adjective: string | undefined) => (1 / 96) * (adjective ? 0.4 / 12 : 0.6)
    const verbProbability = (verb.includes(' not ') ? 0.2 : 0.8) / 12
    return -Math.log(phraseProbability(subjectAdjective) * verbProbability * phraseProbability(objectAdjective))
  }
}

/** The sentences of the second edition, told apart by their words and not by how they are written. */
function mealNats(text: string): number {
  const [, trait, noun = '', verb = '', food = '', town] = read(
    /^(?:the|this|an?|these|some) (?:([a-z]+) )?([a-z]+) ((?:do not |does not )?[a-z]+) (?:the|more) ([a-z]+)(?: in ([a-z]+))?\.$/,
    text
  )
  if (trait) expect(traits).toContain(trait)
  if (town) expect(towns).toContain(town)
  expect(foods).toContain(food)
  const plural = /s$|^children$/.test(noun)
  expect(plural ? /^do not|^[a-z]*(?<!s)$/.test(verb) : /^does not|s$/.test(verb)).toBe(true)
  const subject = (1 / 2) * (1 / 3) * (1 / 16) * (trait ? 0.4 / 64 : 0.6)
  const action = (verb.includes(' not ') ? 0.2 : 0.8) / 12
  return -Math.log(subject * action * (1 / 2) * (1 / 64) * (town ? 0.3 / 64 : 0.7))
}

const verbForms =
  'sees?|chases?|likes?|finds?|carry|carries|follows?|helps?|greets?|watch|watches|hears?|push|pushes|draws?'

test.each(worlds.flatMap((world) => domains.map((domain) => [world.edition, domain.id, domain, world] as const)))(
  'edition %i, %s: the recorded information is the one that the text itself shows',
  (_, id, domain, world) => {
    const choices = createChoices(randomDraws(createRandom(1, `test/${id}`)))
    for (let count = 0; count < 500; count++) {
      const before = choices.nats
      const text = domain.write(choices, world)
      expect(choices.nats - before).toBeCloseTo(readers[id](text, world), 9)
    }
  }
)

/** Small relatives of the domains, whose documents can all be written down. */
const smallWriters: [string, Pick<Domain, 'write' | 'entropy'>][] = [
  ['fact', domains[0] as Domain],
  ['lookup', lookup('=', ({ pairs }) => pairs, 4900)],
  ['sequence', sequence(1, 3)],
  ['bracket walk', bracketWalk(2, 5, 2)],
  ['deep bracket walk', bracketWalk(1, 4, 7)],
  [
    'assignments of the second edition',
    assignments('ab', 2, 2, { assign: '=', constant: 0.3, difference: [1, 3], questions: undefined })
  ],
  ['one question', assignments('abc', 2, 2, { assign: '=', constant: 0.3, difference: [0, 2], questions: 1 })],
  ['assignments', assignments('abc', 2, 2, { assign: ':=', constant: 0.4, difference: [0, 9], questions: 2 })]
]

test.each(smallWriters)(
  '%s: all documents together have probability 1 and the entropy of the closed form',
  (_, writer) => {
    const texts = enumerateTexts((choices) => writer.write(choices, tiny))
    const { nats, characters } = writer.entropy(tiny)
    expectConsistent(texts)
    expect(entropyOf(texts)).toBeCloseTo(nats, 9)
    expect(meanOf(texts, ({ text }) => text.length + 1)).toBeCloseTo(characters, 9)
  }
)

test('arith: expressions that can be drawn in two ways count as one text', () => {
  const texts = enumerateTexts(writeExpression)
  expectConsistent(texts)
  // 10,000 sums; 5,050 differences of an unordered pair, of which 100 are of equal operands.
  expect(texts).toHaveLength(15_050)
  expect(texts.filter(({ nats }) => nats.length === 2)).toHaveLength(4_950)
  const { nats, characters } = (domains[3] as Domain).entropy(tiny)
  expect(3 * entropyOf(texts)).toBeCloseTo(nats, 9)
  expect(3 * meanOf(texts, ({ text }) => text.length + 1)).toBeCloseTo(characters, 8)
})

test('engl: noun phrases and sentences have the length and entropy of the closed form', () => {
  const phrases = enumerateTexts((choices) => writeNounPhrase(choices).text)
  expectConsistent(phrases)
  expect(phrases).toHaveLength(2 * 3 * 13 * 16)
  expect(phrases.every(({ nats }) => nats.length === 1)).toBe(true)
  // A verb follows its subject's number, so both numbers are gone through, each half of the time.
  const verbs = (['singular', 'plural'] as const).map((number) =>
    enumerateTexts((choices) => writeVerb(choices, number))
  )
  verbs.forEach(expectConsistent)
  const meanVerb = (mean: (texts: readonly EnumeratedText[]) => number) => sum(verbs.map(mean)) / verbs.length
  const verbLength = meanVerb((texts) => meanOf(texts, ({ text }) => text.length))
  const { nats, characters } = firstSentences.entropy(tiny)
  expect(2 * entropyOf(phrases) + meanVerb(entropyOf)).toBeCloseTo(nats, 9)
  expect(2 * meanOf(phrases, ({ text }) => text.length) + verbLength + '  .\n'.length).toBeCloseTo(characters, 9)
})

test('engl: the mean length of a meal is that of the closed form, to four standard errors', () => {
  const choices = createChoices(randomDraws(createRandom(1, 'test/meals')))
  const lengths = Array.from({ length: 20_000 }, () => mealSentences.write(choices, tiny).length + 1)
  const mean = sum(lengths) / lengths.length
  const variance = sum(lengths.map((length) => (length - mean) ** 2)) / lengths.length
  const { characters } = mealSentences.entropy(tiny)
  expect(Math.abs(mean - characters)).toBeLessThan(4 * Math.sqrt(variance / lengths.length))
  expect(Math.max(...lengths)).toBeLessThanOrEqual(64)
})

function expectConsistent(texts: readonly EnumeratedText[]): void {
  expect(meanOf(texts, () => 1)).toBeCloseTo(1, 9)
  const worst = Math.max(
    ...texts.flatMap(({ probability, nats }) => nats.map((n) => Math.abs(n + Math.log(probability))))
  )
  expect(worst).toBeLessThan(1e-9)
}

function entropyOf(texts: readonly EnumeratedText[]): number {
  return meanOf(texts, ({ probability }) => -Math.log(probability))
}

function meanOf(texts: readonly EnumeratedText[], value: (text: EnumeratedText) => number): number {
  return sum(texts.map((text) => text.probability * value(text)))
}

function entriesNats(texts: string[], mark: string, entries: readonly { key: string; value: string }[]): number {
  expect(texts).toHaveLength(3)
  const index = (text: string) => entries.findIndex(({ key, value }) => text === key + mark + value)
  return sum(texts.map((text) => zipfNats(index(text), entries.length)))
}

function zipfNats(index: number, count: number): number {
  expect(index).toBeGreaterThanOrEqual(0)
  return Math.log((index + 10) * sum(Array.from({ length: count }, (_, rank) => 1 / (rank + 10))))
}

function read(pattern: RegExp, text: string): RegExpExecArray {
  const match = pattern.exec(text)
  if (!match) throw new Error(`${JSON.stringify(text)} does not match ${pattern}`)
  return match
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
