import { expect, test } from 'vitest'
import { angularDistance, blockInfluence } from '../evaluate/similarity'
import { parameterLayout } from '../model/parameters'
import { calibrationLoss } from './calibration-loss'
import { calibrationOf, dense, moe, storedModel, transformed } from './compress.fixture'
import { distancesBetween } from './layers'
import { partOf } from './part-of'

/** A model whose layer gives nothing to the residual stream: what it writes with is 0. */
function withIdleLayer(idle: number) {
  const model = storedModel(dense)
  const parameters = model.parameters.slice()
  for (const { part, layer, offset, size } of parameterLayout(dense).parameters) {
    if (layer === idle && (part === 'attention_output' || part === 'down')) parameters.fill(0, offset, offset + size)
  }
  return { ...model, parameters }
}

test.each(['influence', 'angle'])('by %s the layer that does nothing goes, and nothing changes', async (by) => {
  const model = withIdleLayer(1)
  const calibration = calibrationOf(dense)
  const dropped = await transformed(model, { id: 'layers', drop: 1, by })
  expect(dropped.architecture.layers.length).toBe(2)
  expect(await calibrationLoss(dropped, calibration)).toBeCloseTo(await calibrationLoss(model, calibration), 5)
  const last = await transformed(model, { id: 'layers', drop: 1, by: 'last' })
  expect(await calibrationLoss(last, calibration)).not.toBeCloseTo(await calibrationLoss(model, calibration), 2)
})

test('by damage the layer goes without which the loss is lowest', async () => {
  const [model, calibration] = [storedModel(dense), calibrationOf(dense)]
  const without = [0, 1, 2].map((gone) =>
    partOf(
      model,
      [0, 1, 2].filter((layer) => layer !== gone).map((layer) => ({ layer }))
    )
  )
  const losses = await Promise.all(without.map((each) => calibrationLoss(each, calibration)))
  const dropped = await transformed(model, { id: 'layers', drop: 1, by: 'damage' })
  expect(dropped).toEqual(without[losses.indexOf(Math.min(...losses))])
})

test('distances: 0 for an idle layer, and those between its neighbours are those across it', async () => {
  const [model, calibration] = [withIdleLayer(1), calibrationOf(dense)]
  const influences = await distancesBetween(model, calibration, 1, blockInfluence)
  expect(influences.length).toBe(3)
  expect(influences[1]).toBeCloseTo(0, 6)
  expect(influences[0]).toBeGreaterThan(0.01)
  const [one, two] = [
    await distancesBetween(model, calibration, 1, angularDistance),
    await distancesBetween(model, calibration, 2, angularDistance)
  ]
  expect(two.length).toBe(2)
  expect(two[0]).toBeCloseTo(one[0] ?? Number.NaN, 5)
  expect(two[1]).toBeCloseTo(one[2] ?? Number.NaN, 5)
})

test('the last layers go, or drawn ones; the first stays with its weights and their storage', async () => {
  const model = await transformed(storedModel(dense), { id: 'rtn' })
  const dropped = await transformed(model, { id: 'layers', drop: 2, by: 'last' })
  expect(dropped).toEqual(partOf(model, [{ layer: 0 }]))
  expect(dropped.storage.get('layers.0.qkv')).toEqual(model.storage.get('layers.0.qkv'))
  expect([...dropped.storage.keys()].every((name) => name.startsWith('layers.0.'))).toBe(true)
  const random = await transformed(model, { id: 'layers', drop: 2, by: 'random' })
  expect(random.architecture.layers.length).toBe(1)
})

test('layers that share their weights: fewer of them, the same weights', async () => {
  const model = storedModel({ ...moe, sharedLayers: true })
  const dropped = await transformed(model, { id: 'layers', drop: 1, by: 'influence' })
  expect(dropped.architecture.layers.length).toBe(1)
  expect(dropped.parameters).toEqual(model.parameters)
})

test('no layer left is refused', async () => {
  await expect(transformed(storedModel(dense), { id: 'layers', drop: 3 })).rejects.toThrow(
    'layers: 3 of 3 layers would go: no layer would be left'
  )
  expect(() => partOf(storedModel(dense), [])).toThrow('no layer would be left')
})
