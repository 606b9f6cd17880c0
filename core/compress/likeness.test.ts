import { expect, test } from 'vitest'
import { blockInfluence } from '../evaluate/similarity'
import { parameterLayout } from '../model/parameters'
import { calibrationOf, dense, moe, storedModel } from './compress.fixture'
import { distancesBetween } from './layers'
import { likenessOf } from './likeness'

test('layers: 1 with themselves, as alike one way as the other; the influence is that by which layers are dropped', async () => {
  const model = storedModel(dense)
  const { cka, influence, experts } = await likenessOf(model, calibrationOf(dense), 2)
  expect(experts).toEqual([])
  expect(cka).toHaveLength(4)
  for (const [a, row] of cka.entries()) {
    expect(row[a]).toBeCloseTo(1, 9)
    for (const [b, value] of row.entries()) {
      expect(value).toBe(cka[b]?.[a])
      expect(value).toBeGreaterThan(0)
      expect(value).toBeLessThanOrEqual(1 + 1e-9)
    }
  }
  expect(influence).toEqual(await distancesBetween(model, calibrationOf(dense), 1, blockInfluence))
})

test('an expert and its copy are at distance 0, and the first to become one', async () => {
  const model = storedModel(moe)
  const { parameters } = parameterLayout(moe)
  const copied = model.parameters.slice()
  for (const { layer, expert, part, offset, size } of parameters) {
    if (layer !== 0 || expert !== 3) continue
    const source = parameters.find((each) => each.layer === 0 && each.expert === 1 && each.part === part)
    if (!source) throw new Error('expected expert 1')
    copied.set(model.parameters.subarray(source.offset, source.offset + size), offset)
  }
  const { experts } = await likenessOf({ ...model, parameters: copied }, calibrationOf(moe), 3)
  expect(experts.map(({ layer }) => layer)).toEqual([0, 1])
  const [first] = experts
  expect(first?.distance[1]?.[3]).toBeCloseTo(0, 5)
  expect(first?.distance[0]?.[1]).toBeGreaterThan(0.01)
  expect(first?.groups.outputs.find((group) => group.length > 1)?.toSorted((a, b) => a - b)).toEqual([1, 3])
  for (const each of experts) {
    for (const expert of each.tokens.keys()) {
      expect(each.cosine[expert]?.[expert]).toBeCloseTo(1, 6)
      expect(each.distance[expert]?.[expert]).toBeCloseTo(0, 6)
    }
    expect(new Set(each.groups.logits.flat())).toEqual(new Set([0, 1, 2, 3]))
    expect(each.groups.logits).toHaveLength(3)
  }
})
