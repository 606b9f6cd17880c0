import * as native from 'onnxruntime-node'
import * as wasm from 'onnxruntime-web'
import { expect, test } from 'vitest'
import { denseArchitecture, moeArchitecture } from '../arch/presets'
import { createWorld, tokenizer } from '../corpus'
import { currentCorpus } from '../formats/training-report'
import { createDecoder } from '../generate/decoder'
import { turnUntil } from '../give-way'
import type { Mask } from '../model/intervention'
import { clearWeights } from '../model/models.fixture'
import { prunedModel, silencedModel } from '../model/pruned.fixture'
import { createOnnxRuntimeBackend } from '../runtime/onnx-runtime'
import { characterTokenizer } from '../tokenizers/character'
import { createMaskedEvaluator, evaluationRounds } from './masked-evaluator'
import type { Question } from './questions'
import { drawQuestions } from './questions'
import { answerQuestions, whyNoScore } from './score'

const backends = [
  createOnnxRuntimeBackend(native, { name: 'native', threads: 1 }),
  createOnnxRuntimeBackend(wasm, { name: 'wasm', threads: 1 })
] as const
const [backend] = backends
const context = 64
const moe = moeArchitecture({ width: 16, vocabularySize: tokenizer.size, experts: 4, expertWidth: 8 })
const dense = denseArchitecture({ width: 16, vocabularySize: tokenizer.size })
const parameters = clearWeights(moe)

/** Questions whose answer is one character: whatever a model that knows nothing would write, it is right now and then. */
const questions: Question[] = drawQuestions({ world: createWorld(), domain: 'dict', count: 40, context }).map(
  (question, i) => ({ ...question, expected: 'abcdefgh'[i % 8] ?? 'a' })
)

test.each(backends)('$name: right is what a decoder writes at temperature 0', async (each) => {
  for (const [architecture, flat] of [
    [moe, parameters],
    [dense, clearWeights(dense)]
  ] as const) {
    const model = { id: 'small', architecture, parameters: flat, tokenizer, report: undefined }
    const decoder = await createDecoder(each, model)
    const written: string[] = []
    for (const { prompt } of questions) {
      const { logits } = await decoder.prefill([...tokenizer.encode(`\n${prompt}`)])
      const last = logits.at(-1) ?? new Float32Array()
      written.push(tokenizer.tokenText(last.indexOf(Math.max(...last))))
    }
    await decoder.release()
    // Of each question its own answer, and beside it one that is wrong.
    const asked = questions.flatMap((question, i) => [
      { ...question, expected: written[i] ?? '' },
      { ...question, expected: written[i] === 'a' ? 'b' : 'a' }
    ])
    const evaluator = createMaskedEvaluator(each, model)
    expect(await answerQuestions(evaluator, asked, context)).toEqual(asked.map((_, i) => i % 2 === 0))
    await evaluator.release()
  }
})

test('experts that are off answer as the model from which they were cut', async () => {
  const masks: Mask[] = [
    { kind: 'mask', layer: 0, experts: [0, 3] },
    { kind: 'mask', layer: 1, experts: [0, 3] }
  ]
  const cut = prunedModel(moe, parameters, [1, 2])
  const whole = createMaskedEvaluator(backend, { architecture: moe, parameters })
  const pruned = createMaskedEvaluator(backend, { architecture: cut.architecture, parameters: cut.flat })
  const asked = questions.flatMap((question) => [...'abcdefgh'].map((expected) => ({ ...question, expected })))
  const found = await answerQuestions(whole, asked, context, { masks })
  expect(found).toEqual(await answerQuestions(pruned, asked, context))
  expect(found).not.toEqual(await answerQuestions(whole, asked, context))
  await expect(
    answerQuestions(whole, asked, context, { masks: [{ kind: 'mask', layer: 0, experts: [1, 2, 3] }] })
  ).rejects.toThrow(/layer 0: without experts 1, 2, 3 only 1 of 4 is left/)
  await whole.release()
  await pruned.release()
})

test('with a layer skipped it answers as the model whose experts give nothing, and afterwards as before', async () => {
  const evaluator = createMaskedEvaluator(backend, { architecture: moe, parameters })
  const silent = createMaskedEvaluator(backend, { architecture: moe, parameters: silencedModel(moe, parameters, 1) })
  const asked = questions.flatMap((question) => [...'abcdefgh'].map((expected) => ({ ...question, expected })))
  const before = await answerQuestions(evaluator, asked, context)
  const skipped = await answerQuestions(evaluator, asked, context, { masks: [{ kind: 'skip-moe', layer: 1 }] })
  expect(skipped).toEqual(await answerQuestions(silent, asked, context))
  expect(skipped).not.toEqual(before)
  expect(await answerQuestions(evaluator, asked, context)).toEqual(before)
  await evaluator.release()
  await silent.release()
})

test('it ends between two batches, and tells of each', async () => {
  const evaluator = createMaskedEvaluator(backend, { architecture: moe, parameters })
  let batches = 0
  await answerQuestions(evaluator, questions, context, { onBatch: () => void batches++ })
  expect(batches).toBe(evaluationRounds(backend, questions.length))
  const controller = new AbortController()
  const ended = answerQuestions(evaluator, questions, context, {
    turn: turnUntil(controller.signal),
    onBatch: () => controller.abort(new Error('ended'))
  })
  await expect(ended).rejects.toThrow('ended')
  await evaluator.release()
})

test('a model that cannot be asked says why', () => {
  const report = { corpus: currentCorpus } as Parameters<typeof whyNoScore>[0]['report']
  expect(whyNoScore({ id: 'own', tokenizer, report })).toBeUndefined()
  expect(whyNoScore({ id: 'own', tokenizer: characterTokenizer([...'abc']), report })).toMatch(/its tokens are others/)
  expect(whyNoScore({ id: 'own', tokenizer, report: undefined })).toMatch(/no training\.json/)
})
