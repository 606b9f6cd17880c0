import * as onnxRuntime from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { moeArchitecture } from '../arch/presets'
import { createWorld, domainIds, generateCorpus, tokenizer, uncounted, validationWindows } from '../corpus'
import { createDecoder } from '../generate/decoder'
import { clearWeights } from '../model/models.fixture'
import { createRandom } from '../random'
import { createOnnxRuntimeBackend } from '../runtime/onnx-runtime'
import { answerSpans, joinScores, scoreAnswers } from './answers'
import { createEvaluator } from './evaluate'

const context = 64
const world = createWorld({ edition: 2, names: 20, pairs: 20, keys: 20 })
const corpus = generateCorpus({ world, seed: 1, split: 'validation', characters: 8000 })
const windows = validationWindows(corpus, context)
const spans = answerSpans(windows, world)
const text = tokenizer.decode(windows.targets)

test('every answer of the counted documents is found once, where it stands', () => {
  const counted = Array.from(windows.domains, (domain, i) => (domain === uncounted ? '\n' : text[i])).join('')
  const inDomain = (id: string) => spans.filter(({ domain }) => domainIds[domain] === id)
  const people = [...counted.matchAll(/[a-z]+ lives in (\w+), eats (\w+), is (\w+)\./g)]
  expect(people.length).toBeGreaterThan(20)
  expect(inDomain('fact').map(({ start, end }) => text.slice(start, end))).toEqual(
    people.flatMap((each) => each.slice(1))
  )
  const letters = [...counted.matchAll(/(?:rev|srt) ([a-j]+)>([a-j]+)/g)]
  expect(inDomain('seq').map(({ difficulty }) => difficulty)).toEqual(letters.map(([, asked = '']) => asked.length))
  // A sum ends with the character after it.
  const sums = [...counted.matchAll(/=(\d+[ \n])/g)].map(([, result]) => result)
  expect(inDomain('arith').map(({ start, end }) => text.slice(start, end))).toEqual(sums)
})

test('the difficulty of a variable is the number of assignments that its value rests on', () => {
  const line = 'a:=3;b:=a-5;c:=b+4;x:=2;c?2 b?8 a?3 x?2\n'
  const tokens = Int32Array.from(tokenizer.encode(line))
  const domains = new Uint8Array(line.length).fill(domainIds.indexOf('var'))
  const found = answerSpans({ count: 1, context: line.length, tokens, targets: tokens, domains }, world)
  expect(found.map(({ start, difficulty }) => [line[start - 2], difficulty])).toEqual([
    ['c', 3],
    ['b', 2],
    ['a', 1],
    ['x', 1]
  ])
})

test('an answer is right when all of its characters are the most likely; losses are means over characters', () => {
  const two = (domain: number, start: number, difficulty?: number) => ({ domain, start, end: start + 2, difficulty })
  const [fact, seq] = [domainIds.indexOf('fact'), domainIds.indexOf('seq')]
  const asked = [two(fact, 0), two(fact, 2), two(seq, 4, 3), two(seq, 6, 9)]
  const found = scoreAnswers(asked, Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), Float32Array.of(0, 0, 0, 1, 0, 0, 2, 0))
  const score = (loss: number, characters: number, right: number, total: number) => ({ loss, characters, right, total })
  expect(found).toEqual({
    fact: { ...score(2.5, 4, 1, 2), byDifficulty: [] },
    seq: {
      ...score(6.5, 4, 1, 2),
      byDifficulty: [
        { difficulty: 3, ...score(5.5, 2, 1, 1) },
        { difficulty: 9, ...score(7.5, 2, 0, 1) }
      ]
    }
  })
  expect(joinScores(Object.values(found))).toEqual(score(4.5, 8, 2, 4))
  expect(joinScores([])).toEqual(score(Number.NaN, 0, 0, 0))
})

test('the evaluator scores what a decoder says of the same text', async () => {
  const backend = createOnnxRuntimeBackend(onnxRuntime, { name: 'native', threads: 1 })
  const architecture = moeArchitecture({ width: 16, vocabularySize: tokenizer.size, experts: 4, expertWidth: 8 })
  const parameters = clearWeights(architecture)
  // Spans of one character, so that some are right although the model knows nothing.
  const random = createRandom(1, 'spans')
  const some = Array.from({ length: 400 }, () => {
    const start = random.integer(3 * context)
    return { domain: 0, start, end: start + 1, difficulty: undefined }
  })
  const evaluator = await createEvaluator(backend, architecture, context, { answers: true })
  const found = (await evaluator.evaluate(parameters, windows, { answers: some })).answers.fact
  await evaluator.release()
  const decoder = await createDecoder(backend, { id: 'small', architecture, parameters, tokenizer, report: undefined })
  const best: number[] = []
  for (const window of [0, 1, 2]) {
    const { logits } = await decoder.prefill([...windows.tokens.subarray(window * context, (window + 1) * context)])
    best.push(...logits.map((each) => each.indexOf(Math.max(...each))))
  }
  await decoder.release()
  const right = some.filter(({ start }) => best[start] === windows.targets[start]).length
  expect(right).toBeGreaterThan(0)
  expect(found).toMatchObject({ right, total: 400, characters: 400 })
})
