import { expect, test } from 'vitest'
import { checkAnswers, createWorld, documents, domainIds, tokenizer } from '../corpus'
import { firstNames, foods, towns, traits } from '../corpus/words/english'
import { drawQuestions, questionWindows } from './questions'
import { askingDomains, chanceOf } from './score'

const worlds = ([1, 2] as const).map((edition) => createWorld({ edition, names: 200, pairs: 200, keys: 200 }))
const context = 64

test.each(worlds)('every question of edition $edition has its answer right, and the grammar says so', (world) => {
  for (const domain of askingDomains) {
    const questions = drawQuestions({ world, domain, count: 60, context })
    expect(questions).toHaveLength(60)
    for (const { prompt, expected, end } of questions) {
      const answers = checkAnswers(`${prompt}${expected}${end || '\n'}`, world)
      expect(answers.at(-1)).toMatchObject({ domain, start: prompt.length, expected, correct: true })
      expect(prompt.length + expected.length + end.length).toBeLessThanOrEqual(context)
    }
  }
})

test.each(worlds)('questions of edition $edition are those of the validation split, one of each document', (world) => {
  for (const domain of askingDomains) {
    const options = { world, domain, context }
    const questions = drawQuestions({ ...options, count: 30 })
    expect(drawQuestions({ ...options, count: 10 })).toEqual(questions.slice(0, 10))
    expect(drawQuestions({ ...options, count: 30, seed: 2 })).not.toEqual(questions)
    const texts = documents({ world, seed: 1, split: 'validation', domain })
    for (const { prompt, expected } of questions) {
      let { text } = texts.next().value
      // A document that asks nothing, such as brackets that are all closed, is passed over.
      while (!text.startsWith(`${prompt}${expected}`)) text = texts.next().value.text
    }
    // As often the second or third answer of a document as its first.
    const later = questions.filter(({ prompt }) =>
      / (eats|is) $|=\w+ \w+=$|:\w+ \w+:$|=\d+ \d+[+-]\d+=$|\?\d .\?$/.test(prompt)
    )
    if (!['seq', 'brkt'].includes(domain)) expect(later.length).toBeGreaterThan(5)
  }
})

test('who knows the form of an answer alone guesses with the probability that is said', () => {
  for (const words of [towns, foods, traits]) expect(new Set(words).size).toBe(64)
  expect(firstNames.length).toBeGreaterThan(0)
  const chances = (domain: (typeof askingDomains)[number]) =>
    drawQuestions({ world: worlds[1] as (typeof worlds)[number], domain, count: 40, context })
  expect(chanceOf(chances('fact'))).toBeCloseTo(1 / 64, 12)
  // Two syllables of 14 consonants and 5 vowels each; two letters; a digit.
  expect(chanceOf(chances('dict'))).toBeCloseTo(1 / 70 ** 2, 12)
  expect(chanceOf(chances('book'))).toBeCloseTo(1 / 26 ** 2, 12)
  expect(chanceOf(chances('var'))).toBeCloseTo(1 / 10, 12)
  for (const { chance, expected } of chances('brkt')) expect(chance).toBe(4 ** -expected.length)
  for (const { chance, expected } of chances('seq').filter(({ expected }) => expected.length < 7)) {
    expect(chance).toBeCloseTo(1 / orders([...expected]).size, 12)
  }
  for (const { chance, prompt } of chances('arith')) expect(1 / chance).toBe(/\+\d+=$/.test(prompt) ? 199 : 100)
})

function orders(letters: readonly string[]): Set<string> {
  if (letters.length < 2) return new Set([letters.join('')])
  return new Set(letters.flatMap((first, i) => [...orders(letters.toSpliced(i, 1))].map((rest) => first + rest)))
}

test('a language that asks nothing, or nothing so short, is refused', () => {
  const [world = createWorld()] = worlds
  expect(() => drawQuestions({ world, domain: 'engl', count: 5, context })).toThrow(/English-like sentences: found 0/)
  expect(() => drawQuestions({ world, domain: 'fact', count: 5, context: 8 })).toThrow(/found 0 questions of up to 8/)
})

test('each window is a newline and one question, and its span the answer with what ends it', () => {
  for (const domain of askingDomains) {
    const questions = drawQuestions({ world: createWorld(), domain, count: 20, context })
    const { windows, spans } = questionWindows(questions, context)
    expect(windows.count).toBe(20)
    expect(windows.context % 16).toBe(0)
    const text = tokenizer.decode(windows.targets)
    questions.forEach(({ prompt, expected, end }, i) => {
      const read = tokenizer.decode(windows.tokens.subarray(i * windows.context, (i + 1) * windows.context))
      expect(read.startsWith(`\n${prompt}`)).toBe(true)
      expect(text.slice(spans[i]?.start, spans[i]?.end)).toBe(expected + end)
      expect(domainIds[spans[i]?.domain ?? -1]).toBe(domain)
    })
  }
})
