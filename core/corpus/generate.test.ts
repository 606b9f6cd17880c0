import { expect, test } from 'vitest'
import { type DomainId, domainIds } from './domain-ids'
import { editions } from './edition'
import { corpusFloor } from './floor'
import { documents, generateCorpus } from './generate'
import { createMixture } from './mixture'
import { examplePrompts } from './prompts'
import { tokenizer } from './tokenizer'
import { createWorld } from './world'

const world = createWorld({ edition: 2 })
const { shares } = editions[2]
const options = { world, seed: 1, split: 'train', characters: 1_000_000 } as const
const corpus = generateCorpus(options)

test('the floor of the first corpus is the one measured when the corpus was designed', () => {
  // From samples of another world of the same size and other generators, so to about 1 %.
  const measured = {
    fact: 0.195,
    dict: 0.727,
    book: 1.023,
    arith: 1.16,
    seq: 0.983,
    brkt: 1.242,
    var: 0.774,
    engl: 0.537
  }
  const floor = corpusFloor(createWorld({ edition: 1 }))
  for (const id of domainIds) expect(Math.abs((floor.domains[id] ?? 0) / measured[id] - 1)).toBeLessThan(0.01)
  expect(Math.abs(floor.total / 0.713 - 1)).toBeLessThan(0.01)
})

test('documents of every domain have the expected information and length to four standard errors', () => {
  const samples = new Map<number, { nats: number[]; characters: number[] }>()
  const stream = documents(options)
  for (let count = 0; count < 40_000; count++) {
    const { text, domain, nats } = stream.next().value
    const sample = samples.get(domain) ?? { nats: [], characters: [] }
    sample.nats.push(nats)
    sample.characters.push(text.length)
    samples.set(domain, sample)
  }
  const mixture = createMixture(world, shares)
  for (const part of mixture) {
    const sample = samples.get(part.index) ?? { nats: [], characters: [] }
    expectMean(sample.nats, part.nats)
    expectMean(sample.characters, part.characters)
    const share = sample.nats.length / 40_000
    expect(Math.abs(share - part.probability)).toBeLessThan(4 * Math.sqrt(part.probability / 40_000))
  }
})

test('shares are shares of characters', () => {
  domainIds.forEach((id, index) => {
    // The choice of a document is one draw; lengths hardly differ within a domain.
    const error = Math.sqrt((shares[id] * (1 - shares[id])) / corpus.documentStarts.length)
    expect(Math.abs((corpus.characters[index] ?? 0) / corpus.tokens.length - shares[id])).toBeLessThan(4 * error)
  })
})

test('the arrays of a corpus describe its text', () => {
  const stream = documents(options)
  const nats = new Float64Array(domainIds.length)
  const characters = new Float64Array(domainIds.length)
  const texts: string[] = []
  const domains = new Uint8Array(corpus.tokens.length)
  const starts = Array.from(corpus.documentStarts, (start) => {
    const { text, domain, nats: information } = stream.next().value
    texts.push(text)
    domains.fill(domain, start, start + text.length)
    nats[domain] = (nats[domain] ?? 0) + information
    characters[domain] = (characters[domain] ?? 0) + text.length
    return start
  })
  expect(tokenizer.decode(corpus.tokens) === texts.join('')).toBe(true)
  expect(Buffer.compare(corpus.domains, domains)).toBe(0)
  let end = 0
  expect(starts).toEqual(texts.map((text) => (end += text.length) - text.length))
  expect(corpus.nats).toEqual(nats)
  expect(corpus.characters).toEqual(characters)
  expect(corpus.tokens.length).toBeGreaterThanOrEqual(options.characters)
  expect(corpus.tokens.length).toBeLessThan(options.characters + 100)
})

test('the same options give the same corpus; another seed or split gives another', () => {
  const text = (change: object) => tokenizer.decode(generateCorpus({ ...options, characters: 2000, ...change }).tokens)
  expect(text({})).toBe(text({}))
  expect(text({ seed: 2 })).not.toBe(text({}))
  expect(text({ split: 'validation' })).not.toBe(text({}))
})

test('train and validation repeat no more documents of each other than chance does', () => {
  const lines = (split: 'train' | 'validation') =>
    new Set(
      tokenizer
        .decode(generateCorpus({ ...options, split, domain: 'book', characters: 200_000 }).tokens)
        .split('\n')
        .slice(0, -1)
    )
  const train = lines('train')
  const repeated = [...lines('validation')].filter((text) => train.has(text))
  // Two picks agree once in 286, two documents once in 286 cubed; of 91 million pairs about 4 do.
  expect(repeated.length).toBeLessThan(20)
})

test.each(domainIds)('a corpus of %s alone spends nothing on the choice of the domain', (domain) => {
  const only = generateCorpus({ ...options, characters: 20_000, domain })
  const index = domainIds.indexOf(domain)
  const floor = corpusFloor(world, { [domain]: 1 })
  const [part] = createMixture(world, { [domain]: 1 })
  expect(new Set(only.domains)).toEqual(new Set([index]))
  expect(Object.keys(floor.domains)).toEqual([domain])
  expect(floor.domains[domain]).toBe(floor.total)
  expect(part?.choiceNats).toBe(0)
  expect((only.nats[index] ?? 0) / only.tokens.length / floor.total).toBeCloseTo(1, 1)
})

test('shares that make no corpus are refused', () => {
  expect(() => generateCorpus({ ...options, shares: {} })).toThrow('The shares of all domains are 0')
  expect(() => generateCorpus({ ...options, shares: { fact: -1 } })).toThrow("Share of domain 'fact' is -1")
  expect(() => generateCorpus({ ...options, characters: 0 })).toThrow('characters is 0; choose a whole number from 1')
})

test('example prompts are different beginnings that documents of the world have', () => {
  const patterns: Record<DomainId, RegExp> = {
    fact: /^[a-z]{3,7} lives in $/,
    dict: /^[a-z]{4}=$/,
    book: /^[a-z]\d[a-z]:$/,
    arith: /^\d+[+-]\d+=$/,
    seq: /^(rev|srt) [a-j]{4,12}>$/,
    brkt: /^[([{<>}\])]{8,24}\|$/,
    var: /^([a-z]=[^;]+;){2,3}[a-c]\?$/,
    engl: /^(the|this|these|some|an?) [a-z]+ $/
  }
  for (const id of domainIds) {
    const prompts = examplePrompts(world, id, 20)
    expect(new Set(prompts).size).toBe(20)
    for (const prompt of prompts) expect(prompt).toMatch(patterns[id])
    expect(examplePrompts(world, id, 5)).toEqual(prompts.slice(0, 5))
  }
  const names = new Set(world.people.items.map(({ name }) => name))
  expect(examplePrompts(world, 'fact', 20).every((prompt) => names.has(prompt.slice(0, -' lives in '.length)))).toBe(
    true
  )
  expect(() => examplePrompts(createWorld({ edition: 2, names: 3 }), 'fact', 4)).toThrow(
    "Domain 'fact' gave only 3 different"
  )
})

function expectMean(values: readonly number[], expected: number): void {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  expect(Math.abs(mean - expected)).toBeLessThanOrEqual(4 * Math.sqrt(variance / values.length) + 1e-9)
}
