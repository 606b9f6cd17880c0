import * as onnxRuntime from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { moeArchitecture } from '../arch/presets'
import { corpusFloor, tokenizer, worldOf } from '../corpus'
import { corpusSpecSchema, recipeSchema } from '../formats/training-report'
import { createOnnxRuntimeBackend } from '../runtime/onnx-runtime'
import type { RunOptions, RunResult, SavedRun } from './run'
import { trainRun } from './run'
import { readSavedRun, writeSavedRun } from './saved-run'

const context = 32
const steps = 250
/** Up to 100 stretches of equal length. */
const stretch = 3
const options: RunOptions = {
  backend: createOnnxRuntimeBackend(onnxRuntime, { name: 'native', threads: 1 }),
  architecture: moeArchitecture({ width: 8, vocabularySize: tokenizer.size, experts: 4, layers: 1, context }),
  corpus: corpusSpecSchema.parse({ characters: 4000, validation_characters: 900 }),
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
  const corpus = { ...options.corpus, shares: { dict: 1, arith: 3 } }
  const { result } = await run({ corpus, recipe: { ...options.recipe, characters: 4 * context } })
  expect(Object.keys(result?.result.domains ?? {})).toEqual(['dict', 'arith'])
  const { total, domains } = corpusFloor(worldOf(corpus), { arith: 0.75, dict: 0.25 })
  expect(result?.floor.total).toBeCloseTo(total, 12)
  expect(result?.floor.domains.arith).toBeCloseTo(domains.arith ?? 0, 12)
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
