import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { specifiedFloor, worldOf } from '../../corpus'
import { createEvaluator } from '../../evaluate/evaluate'
import { createMaskedEvaluator } from '../../evaluate/masked-evaluator'
import { proportionOf } from '../../evaluate/proportions'
import { drawQuestions } from '../../evaluate/questions'
import { answerQuestions, askingDomains } from '../../evaluate/score'
import { corpusOf, validationText } from '../../evaluate/validation-text'
import { FormatError } from '../../formats/format-error'
import { clearWeights } from '../../model/models.fixture'
import { openModel } from '../../model/runnable-model'
import { readEvaluation } from './evaluation'
import { backend, createSmallLab, modelOf, type SmallLab, smallMoe } from './lab.fixture'

const { model, files } = await modelOf('small', smallMoe, clearWeights(smallMoe))
/** Of a shipped model: the world that is asked about. */
const training = new Uint8Array(readFileSync('assets/models/dense-48/training.json'))
const small = { model, files: { ...files, training } }
const spec = { model, characters: 3000, questions: 3, seed: 1 }

const undisturbed = createSmallLab([small])
await undisturbed.compute('evaluate', spec)

async function kept({ store }: SmallLab) {
  return readEvaluation((await store.files('run').read('evaluation.json')) ?? new Uint8Array())
}

test('the loss is that of the evaluator, the answers are those of the score', async () => {
  const { loss, tokens, floor, domains, answers, whole } = await kept(undisturbed)
  const opened = await openModel('small', small.files)
  const evaluator = await createEvaluator(backend, smallMoe, smallMoe.context)
  const expected = await evaluator.evaluate(opened.parameters, validationText(opened, 3000))
  await evaluator.release()
  expect(loss).toBeCloseTo(expected.loss, 5)
  expect(tokens).toBe(expected.characters)
  expect(floor).toBe(specifiedFloor(corpusOf(opened.report)).total)
  for (const [id, domain] of Object.entries(expected.domains)) {
    expect(domains[id as keyof typeof domains]?.loss).toBeCloseTo(domain.loss, 5)
  }
  expect(whole).toBe(true)
  expect(Object.keys(answers)).toEqual([...askingDomains])
  const [domain = 'fact'] = askingDomains
  const { context } = smallMoe
  const questions = drawQuestions({ world: worldOf(corpusOf(opened.report)), domain, context, count: 3, seed: 1 })
  const masked = createMaskedEvaluator(backend, opened)
  const right = await answerQuestions(masked, questions, context)
  await masked.release()
  expect(answers[domain]).toMatchObject(proportionOf(right.filter(Boolean).length, 3))
})

test('cancelled after the loss it goes on with the languages, and whole it stays', async () => {
  const lab = createSmallLab([small])
  await expect(lab.compute('evaluate', spec, (_, execution) => execution.cancel())).rejects.toThrow('cancelled')
  expect(await kept(lab)).toMatchObject({ whole: false, answers: {} })
  await lab.compute('evaluate', spec)
  expect(await kept(lab)).toEqual(await kept(undisturbed))
  const loaded = lab.loaded()
  await lab.compute('evaluate', spec)
  expect(lab.loaded()).toBe(loaded)
})

test('a model of an unknown world answers nothing, and says why', async () => {
  const lab = createSmallLab([{ model, files }])
  await lab.compute('evaluate', spec)
  expect(await kept(lab)).toMatchObject({ whole: true, answers: {} })
  expect((await kept(lab)).unasked).toMatch(/^small has no training\.json/)
  expect(() => readEvaluation(new TextEncoder().encode('{}'))).toThrow(FormatError)
})
