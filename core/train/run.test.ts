import * as onnxRuntime from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { moeArchitecture } from '../arch/presets'
import { corpusFloor, generateCorpus, specifiedDocuments, tokenizer, validationWindows, worldOf } from '../corpus'
import { createEvaluator } from '../evaluate/evaluate'
import { corpusSpecSchema, recipeSchema } from '../formats/training-report'
import { createOnnxRuntimeBackend } from '../runtime/onnx-runtime'
import type { RunOptions, RunResult, SavedRun } from './run'
import { trainRun } from './run'
import { readSavedRun, writeSavedRun } from './saved-run'

const context = 32
const steps = 250
/** Up to 100 stretches of equal length. */
const stretch = 3
const text = corpusSpecSchema.parse({ characters: 4000, validation_characters: 900 })
const options: RunOptions = {
  backend: createOnnxRuntimeBackend(onnxRuntime, { name: 'native', threads: 1 }),
  architecture: moeArchitecture({ width: 8, vocabularySize: tokenizer.size, experts: 4, layers: 1, context }),
  corpus: text,
  recipe: recipeSchema.parse({ learning_rate: 0.01, batch: 1, characters: context * steps })
}

async function run({ lastStep, ...more }: Partial<RunOptions> & { readonly lastStep?: number }) {
  const losses: number[] = []
  let saved: SavedRun | undefined
  let result: RunResult | undefined
  for await (const event of trainRun({ ...options, ...more })) {
    if (event.kind === 'step') {
      losses.push(event.record.loss)
      saved = event.saved()
      if (event.record.step === lastStep && lastStep < steps) break
    } else if (event.kind === 'end') result = event.result
  }
  return { losses, saved, result }
}

test('a corpus of other shares is trained and validated on, and has the floor of its mixture', async () => {
  const corpus = { ...text, shares: { dict: 1, arith: 3 } }
  const { result } = await run({ corpus, recipe: { ...options.recipe, characters: 4 * context } })
  expect(Object.keys(result?.result.domains ?? {})).toEqual(['dict', 'arith'])
  const { total, domains } = corpusFloor(worldOf(corpus), { arith: 0.75, dict: 0.25 })
  expect(result?.floor?.total).toBeCloseTo(total, 12)
  expect(result?.floor?.domains.arith).toBeCloseTo(domains.arith ?? 0, 12)
  expect(corpusSpecSchema.parse(JSON.parse(JSON.stringify(result?.corpus)))).toEqual(corpus)
  expect(corpusSpecSchema.safeParse({ ...corpus, shares: { dict: 0 } }).success).toBe(false)
})

test('a run that was interrupted twice ends with the report of one that was not', async () => {
  const { losses, result: whole } = await run({})
  let last: Awaited<ReturnType<typeof run>> | undefined
  // Both times in the midst of a stretch.
  for (const lastStep of [100, 101, steps]) {
    const saved = last?.saved && readSavedRun(writeSavedRun(last.saved, 'the same'), 'the same')
    last = await run({ lastStep, ...(saved ? { saved } : {}) })
  }
  expect({ ...last?.result, seconds: 0 }).toEqual({ ...whole, seconds: 0 })
  const means = Array.from({ length: Math.ceil(steps / stretch) }, (_, i) => {
    const part = losses.slice(i * stretch, (i + 1) * stretch)
    return [Math.min((i + 1) * stretch, steps), part.reduce((a, b) => a + b) / part.length]
  })
  expect(whole?.training_loss).toEqual(means)
})

const lines = Array.from({ length: 30 }, (_, i) => `line ${i} of a text that is mine, and long enough.`)
const ownText = `${lines.join('\n')}\n`
const own = { kind: 'text', sha256: '0'.repeat(64) } as const

test('a text of the user has a loss of its own and no floor, no answers and no groups', async () => {
  const { result } = await run({ corpus: own, ownText, recipe: { ...options.recipe, characters: 8 * context } })
  expect(result?.floor).toBeUndefined()
  expect(result?.result.domains).toEqual({ own: result?.result.loss })
  expect(result?.result.answers).toBeUndefined()
  expect([result?.result.memory, result?.result.computation]).toEqual([Number.NaN, Number.NaN])
  // Every tenth line is kept: three of them, all characters but the first, each sent to two experts.
  const kept = [9, 19, 29].reduce((sum, i) => sum + (lines[i] ?? '').length + 1, -1)
  const counts = (result?.assignments[0] ?? []).map((domains) => domains.at(-1) ?? 0)
  expect(result?.assignments[0]?.[0]).toHaveLength(9)
  expect(counts.reduce((a, b) => a + b)).toBe(2 * kept)
})

test('among generated text its loss counts by its share, however much of each is measured', async () => {
  const beside = { share: 0.25, corpus: text }
  const recipe = { ...options.recipe, characters: 8 * context }
  const { result } = await run({ corpus: { ...own, beside }, ownText, recipe })
  const { loss, domains, answers } = result?.result ?? {}
  expect(Object.keys(domains ?? {}).at(-1)).toBe('own')
  expect(answers?.memory.total).toBeGreaterThan(0)
  // The generated part is measured alone on the same weights.
  const parameters = result?.parameters ?? new Float32Array()
  const { architecture, backend } = options
  const evaluator = await createEvaluator(backend, architecture, context)
  const kept = generateCorpus({ ...specifiedDocuments(text), split: 'validation', characters: 900 })
  const generated = await evaluator.evaluate(parameters, validationWindows(kept, context))
  await evaluator.release()
  expect(loss).toBeCloseTo(0.75 * generated.loss + 0.25 * (domains?.own ?? Number.NaN), 10)
  expect(result?.assignments[0]?.map((counts) => counts.slice(0, 8))).toEqual(generated.assignments[0])
})
