import { expect, test } from 'vitest'
import { countCharacters } from '../evaluate/paired-losses'
import { validationText } from '../evaluate/validation-text'
import { clearWeights } from '../model/models.fixture'
import { parameterLayout } from '../model/parameters'
import { backend, corpusModel, dense, moe, storedModel, transformed } from './compress.fixture'
import { createLossMeter } from './loss-meter'
import { partOf } from './part-of'
import { measureSensitivity, partsOf, withPart } from './sensitivity'

const options = { characters: 2000, calibration: 2000, seed: 1 }
const opened = (architecture: typeof moe) => ({
  ...corpusModel(architecture),
  parameters: clearWeights(architecture)
})

test('parts are the layers and then their experts; layers that share their weights are one', () => {
  expect(partsOf(dense)).toEqual([{ layer: 0 }, { layer: 1 }, { layer: 2 }])
  expect(partsOf(moe)).toHaveLength(2 + 2 * 4)
  expect(partsOf({ ...moe, sharedLayers: true }).map(({ layer }) => layer)).toEqual([0, 0, 0, 0, 0])
})

test('with one part another model, every weight elsewhere stays; all layers one after the other are the other model there', async () => {
  const whole = storedModel(moe)
  const other = await transformed(whole, { id: 'rtn', bits: 2 })
  const { parameters } = parameterLayout(moe)
  const changed = (model: typeof whole) =>
    parameters.flatMap(({ name, offset, size }) =>
      model.parameters.slice(offset, offset + size).some((each, i) => each !== whole.parameters[offset + i]) ? name : []
    )
  const ofExpert = changed(withPart(whole, other, { layer: 1, expert: 2 }))
  expect(ofExpert.length).toBe(2)
  expect(parameters.filter(({ name }) => ofExpert.includes(name)).map(({ layer, expert }) => [layer, expert])).toEqual([
    [1, 2],
    [1, 2]
  ])
  const layers = [0, 1].reduce((model, layer) => withPart(model, other, { layer }), whole)
  const all = changed(other)
  expect(changed(layers)).toEqual(
    all.filter((name) => parameters.find((each) => each.name === name)?.layer !== undefined)
  )
})

test('each part is measured as that model alone would be', async () => {
  const model = opened(moe)
  const { before, parts } = await measureSensitivity(backend, model, {
    ...options,
    transform: { id: 'rtn', bits: 2, block: 16 }
  })
  expect(parts.map(({ layer, expert }) => [layer, expert])).toEqual(
    partsOf(moe).map((each) => [each.layer, each.expert])
  )
  const windows = validationText(model, options.characters)
  const meter = await createLossMeter(backend, model, windows)
  expect(before).toEqual({ loss: meter.before.loss, tokens: countCharacters(windows).reduce((a, b) => a + b, 0) })
  const whole = storedModel(moe)
  const other = await transformed(whole, { id: 'rtn', bits: 2, block: 16 })
  for (const place of [0, 5]) {
    const { layer = 0, expert, ...change } = parts[place] ?? {}
    const expected = await meter.changeOf(withPart(whole, other, expert === undefined ? { layer } : { layer, expert }))
    expect(change).toEqual({
      loss: expected.loss,
      tokens: expected.tokens,
      delta: expected.delta,
      standardError: expected.standardError
    })
  }
})

test('without a transform each part is taken out; what is known is not measured again', async () => {
  const model = opened(dense)
  const { parts } = await measureSensitivity(backend, model, { ...options, transform: null })
  const meter = await createLossMeter(backend, model, validationText(model, options.characters))
  const { delta } = await meter.changeOf(partOf(storedModel(dense), [{ layer: 0 }, { layer: 2 }]))
  expect(parts[1]?.delta).toBe(delta)
  const lengths: number[] = []
  const again = await measureSensitivity(backend, model, {
    ...options,
    transform: null,
    known: parts.slice(0, 2),
    onPart: (part) => lengths.push(part.parts.length)
  })
  expect(again.parts).toEqual(parts)
  expect(lengths).toEqual([2, 3])
})

test('a transform that changes the shape has no parts', async () => {
  const measured = measureSensitivity(backend, opened(moe), { ...options, transform: { id: 'experts', keep: 2 } })
  await expect(measured).rejects.toThrow('takes parts out of the model')
})
