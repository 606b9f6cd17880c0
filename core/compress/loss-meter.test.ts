import { expect, test } from 'vitest'
import { createEvaluator } from '../evaluate/evaluate'
import { validationText } from '../evaluate/validation-text'
import { backend, corpusModel, moe, storedModel, transformed } from './compress.fixture'
import { createLossMeter } from './loss-meter'

test('losses are those of the ordinary evaluation; the interval is around their difference', async () => {
  const model = storedModel(moe)
  const windows = validationText(corpusModel(moe), 4000)
  const compressed = await transformed(model, { id: 'rtn', bits: 2, block: 16 })
  const meter = await createLossMeter(backend, model, windows)
  const change = await meter.changeOf(compressed)
  const evaluator = await createEvaluator(backend, moe, moe.context)
  const [before, after] = [
    await evaluator.evaluate(model.parameters, windows),
    await evaluator.evaluate(compressed.parameters, windows)
  ]
  await evaluator.release()
  expect(meter.before.loss).toBeCloseTo(before.loss, 5)
  expect(change.loss).toBeCloseTo(after.loss, 5)
  expect(change.delta).toBeCloseTo(after.loss - before.loss, 5)
  expect(change.domains.fact?.loss).toBeCloseTo(after.domains.fact?.loss ?? Number.NaN, 5)
  expect(change.standardError).toBeGreaterThan(0)
  const same = await meter.changeOf(model)
  expect([same.delta, same.standardError]).toEqual([0, 0])
})
