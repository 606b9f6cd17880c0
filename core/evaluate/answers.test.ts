import { expect, test } from 'vitest'
import { denseArchitecture } from '../arch/presets'
import { createWorld, domainIds, examplePrompts, generateCorpus, tokenizer, validationWindows } from '../corpus'
import { createOracle } from '../model/model.fixture'
import { createReferenceBackend } from '../runtime/reference'
import { answerSpans, joinScores, scoreAnswers } from './answers'

const world = createWorld({ names: 20, pairs: 20, keys: 20 })
const corpus = generateCorpus({ world, seed: 1, split: 'validation', characters: 6000 })
const windows = validationWindows(corpus, 64)
const spans = answerSpans(windows, world)
const text = tokenizer.decode(windows.targets)

test('every answer of the counted documents is found once, and stands where it is said to', () => {
  const counted = Array.from(windows.domains, (domain, i) => (domain === 255 ? '\n' : text[i])).join('')
  const found = spans.filter(({ domain }) => domainIds[domain] === 'fact').map(({ start, end }) => text.slice(start, end))
  const people = [...counted.matchAll(/[a-z]+ lives in (\w+), eats (\w+), is (\w+)\./g)]
  expect(found).toEqual(people.flatMap(([, ...answers]) => answers))
  expect(spans.filter(({ domain }) => domainIds[domain] === 'seq').map(({ difficulty }) => difficulty)).toEqual(
    [...counted.matchAll(/(?:rev|srt) ([a-j]+)>/g)].map(([, letters = '']) => letters.length)
  )
  expect(spans.every(({ start, end }) => windows.domains.subarray(start, end).every((domain) => domain !== 255))).toBe(true)
})
