import { expect, test } from 'vitest'
import { consecutiveWindows, createBatches, uncounted, validationWindows, type Windows } from './batches'
import { generateCorpus } from './generate'
import { tokenizer } from './tokenizer'
import { createWorld } from './world'

const context = 64
const corpus = generateCorpus({ world: createWorld(), seed: 1, split: 'validation', characters: 20_000 })
const text = tokenizer.decode(corpus.tokens)
const starts = new Set(corpus.documentStarts)

/** Start of each window's targets; 64 characters rarely occur twice, and then the first place will do. */
function positions({ count, targets }: Windows): number[] {
  return Array.from({ length: count }, (_, i) =>
    text.indexOf(tokenizer.decode(targets.subarray(i * context, (i + 1) * context)))
  )
}

function expectWindows(windows: Windows): void {
  expect(windows.tokens).toHaveLength(windows.count * context)
  positions(windows).forEach((position, window) => {
    expect(starts.has(position)).toBe(true)
    const range = [window * context, (window + 1) * context] as const
    expect(text[position - 1]).toBe('\n')
    expect([...windows.tokens.subarray(...range)]).toEqual([
      ...corpus.tokens.subarray(position - 1, position - 1 + context)
    ])
  })
}

test('training windows begin with the newline before a document and their targets are one character later', () => {
  const batchAt = createBatches(corpus, { context, batch: 32, seed: 5 })
  for (const step of [0, 1, 2]) expectWindows(batchAt(step))
})

test('a batch depends on its seed and step alone', () => {
  const batchAt = createBatches(corpus, { context, batch: 8, seed: 5 })
  const later = batchAt(7)
  batchAt(3)
  expect(createBatches(corpus, { context, batch: 8, seed: 5 })(7)).toEqual(later)
  expect(batchAt(8)).not.toEqual(later)
  expect(createBatches(corpus, { context, batch: 8, seed: 6 })(7)).not.toEqual(later)
})

test('training windows begin at every document but the first alike', () => {
  const small = {
    ...corpus,
    tokens: corpus.tokens.slice(0, 300),
    documentStarts: corpus.documentStarts.filter((s) => s < 300)
  }
  const eligible = [...small.documentStarts].filter((start) => start > 0 && start + context <= 300)
  const { count, targets } = createBatches(small, { context, batch: 20_000, seed: 1 })(0)
  const seen = new Map<number, number>()
  for (let window = 0; window < count; window++) {
    const position = text.indexOf(tokenizer.decode(targets.subarray(window * context, (window + 1) * context)))
    seen.set(position, (seen.get(position) ?? 0) + 1)
  }
  expect([...seen.keys()].sort((a, b) => a - b)).toEqual(eligible)
  const expected = count / eligible.length
  for (const times of seen.values()) expect(Math.abs(times - expected)).toBeLessThan(5 * Math.sqrt(expected))
})

test('validation counts every whole document exactly once, with its own domain', () => {
  const windows = validationWindows(corpus, context)
  expectWindows(windows)
  const times = new Uint8Array(text.length)
  let position = 0
  for (let window = 0; window < windows.count; window++) {
    const targets = tokenizer.decode(windows.targets.subarray(window * context, (window + 1) * context))
    position = text.indexOf(targets, position)
    for (let i = 0; i < context; i++) {
      const domain = windows.domains[window * context + i]
      if (domain === uncounted) continue
      expect(domain).toBe(corpus.domains[position + i])
      times[position + i] = (times[position + i] ?? 0) + 1
    }
  }
  const [, second = 0] = corpus.documentStarts
  const end = times.lastIndexOf(1)
  expect(times.subarray(0, second).every((each) => each === 0)).toBe(true)
  expect(times.subarray(second, end + 1).every((each) => each === 1)).toBe(true)
  expect(text.length - end).toBeLessThan(2 * context)
})

test('a corpus shorter than one window is refused', () => {
  const short = generateCorpus({ world: createWorld(), seed: 1, split: 'train', characters: 10 })
  expect(() => createBatches(short, { context, batch: 1, seed: 1 })).toThrow('too short for windows of 64 characters')
  expect(() => validationWindows(short, context)).toThrow('generate more characters')
})

test('validation in windows shorter than every document is refused', () => {
  expect(() => validationWindows(corpus, 2)).toThrow('no whole document of up to 2 characters after its first')
})

test('windows that follow each other count every character but the first once', () => {
  for (const length of [context + 1, context + 2, 5 * context + 1, 1000]) {
    const part = { ...corpus, tokens: corpus.tokens.slice(0, length), domains: corpus.domains.slice(0, length) }
    const { count, tokens, targets, domains } = consecutiveWindows(part, context)
    expect(count).toBe(Math.ceil((length - 1) / context))
    const counted = [...targets.keys()].filter((i) => domains[i] !== uncounted)
    expect(counted.map((i) => targets[i])).toEqual(Array.from(part.tokens.slice(1)))
    expect(counted.map((i) => tokens[i])).toEqual(Array.from(part.tokens.slice(0, -1)))
    expect(counted.map((i) => domains[i])).toEqual(Array.from(part.domains.slice(1)))
  }
  expect(() => consecutiveWindows({ ...corpus, tokens: corpus.tokens.slice(0, context) }, context)).toThrow(
    'a text of 64 characters is too short for windows of 64'
  )
})

test('windows of several texts are drawn by their shares, and begin where each says', () => {
  const own = { ...corpus, tokens: corpus.tokens.slice(0, 400), domains: new Uint8Array(400).fill(8) }
  const parts = [
    { text: corpus, from: 'documents', share: 0.75 },
    { text: own, from: 'anywhere', share: 0.25 }
  ] as const
  const { count, targets, domains } = createBatches(parts, { context, batch: 16_000, seed: 2 })(0)
  const isOwn = Array.from({ length: count }, (_, window) => domains[window * context] === 8)
  const share = isOwn.filter(Boolean).length / count
  expect(Math.abs(share - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / count))
  const begun = new Set<number>()
  isOwn.forEach((of, window) => {
    const position = text.indexOf(tokenizer.decode(targets.subarray(window * context, (window + 1) * context)))
    if (of) begun.add(position)
    else expect(starts.has(position)).toBe(true)
  })
  // Every place from which a whole window follows.
  expect(begun.size).toBe(400 - context)
})

test('one text among several is drawn from as it is alone', () => {
  const options = { context, batch: 8, seed: 5 }
  const alone = createBatches([{ text: corpus, from: 'documents', share: 1 }], options)
  expect(alone(3)).toEqual(createBatches(corpus, options)(3))
})
