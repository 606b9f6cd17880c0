import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eplbExample } from './eplb.fixture'
import { placeExperts } from './expert-placement'

test("the example of EPLB's README", () => {
  const { loads, shape, placeToExpert } = eplbExample
  const placements = loads.map((each) => placeExperts(each, shape))
  expect(placements.map((each) => [...each.placeToExpert])).toEqual(placeToExpert)
  const [first] = placements
  expect(first?.policy).toBe('hierarchical')
  // GPU 0 holds half of expert 5 and expert 6, and so on: 165 / 2 + 39.
  expect([...(first?.gpuLoads ?? [])]).toEqual([121.5, 86.5, 125, 113, 147.5, 131.5, 156, 152])
  expect(first?.imbalance).toBeCloseTo(156 / (1033 / 8), 12)
  expect(first?.imbalanceBefore).toBeUndefined()
})

const shapes = fc
  .record({
    nodes: fc.integer({ min: 1, max: 3 }),
    gpusOfNode: fc.integer({ min: 1, max: 3 }),
    groupsOfNode: fc.integer({ min: 1, max: 3 }),
    groupSize: fc.integer({ min: 1, max: 3 }),
    more: fc.nat(3)
  })
  .chain(({ nodes, gpusOfNode, groupsOfNode, groupSize, more }) => {
    const [gpus, groups] = [nodes * gpusOfNode, nodes * groupsOfNode]
    const experts = groups * groupSize
    const replicas = gpus * (Math.ceil(experts / gpus) + more)
    const loads = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: experts, maxLength: experts })
    return fc.record({
      loads,
      shape: fc.constant({ replicas, groups, nodes, gpus }),
      groupSize: fc.constant(groupSize)
    })
  })

test('every expert has its replicas, no load is lost, and groups stay on their nodes', () => {
  fc.assert(
    fc.property(shapes, ({ loads, shape, groupSize }) => {
      const { placeToExpert, copies, gpuLoads, imbalance, policy } = placeExperts(loads, shape)
      const { replicas, nodes, gpus } = shape
      expect(policy).toBe('hierarchical')
      expect(placeToExpert).toHaveLength(replicas)
      loads.forEach((_, expert) => {
        const places = [...placeToExpert.keys()].filter((place) => placeToExpert[place] === expert)
        expect(places.length).toBe(copies[expert])
        expect(places.length).toBeGreaterThan(0)
        const nodesOf = new Set(places.map((place) => Math.floor((place * nodes) / replicas)))
        const group = Math.floor(expert / groupSize) * groupSize
        const firstOfGroup = [...placeToExpert].indexOf(group)
        expect([...nodesOf]).toEqual([Math.floor((firstOfGroup * nodes) / replicas)])
      })
      const total = loads.reduce((sum, load) => sum + load, 0)
      expect(gpuLoads.reduce((sum, load) => sum + load, 0)).toBeCloseTo(total, 6)
      expect(imbalance).toBeCloseTo(Math.max(...gpuLoads) / (total / gpus), 9)
    })
  )
})

test('where groups do not divide among the nodes, neither is heeded', () => {
  const loads = [8, 1, 1, 1, 1, 1]
  const placement = placeExperts(loads, { replicas: 8, groups: 3, nodes: 2, gpus: 4 })
  expect(placement).toEqual({
    ...placeExperts(loads, { replicas: 8, groups: 1, nodes: 1, gpus: 4 }),
    policy: 'global'
  })
  // Both additional replicas are of the expert of 8; its thirds are on three GPUs, each with one of the five of 1.
  expect([...placement.copies]).toEqual([3, 1, 1, 1, 1, 1])
  expect([...placement.gpuLoads].sort((a, b) => a - b)).toEqual([2, 11 / 3, 11 / 3, 11 / 3])
})

test('one replica of each on as many GPUs as experts leaves all where it is', () => {
  const { placeToExpert, imbalance, imbalanceBefore } = placeExperts([4, 1, 1, 2], {
    replicas: 4,
    groups: 1,
    nodes: 1,
    gpus: 4
  })
  expect([...placeToExpert]).toEqual([0, 1, 2, 3])
  expect([imbalance, imbalanceBefore]).toEqual([2, 2])
})

test('a shape that does not divide is refused by the name of its field', () => {
  const shape = { replicas: 8, groups: 2, nodes: 2, gpus: 4 }
  const expectRefused = (more: Partial<typeof shape>, message: string) =>
    expect(() => placeExperts([1, 2, 3, 4, 5, 6], { ...shape, ...more })).toThrow(message)
  expectRefused({ replicas: 4 }, 'replicas: 4 are fewer than the 6 experts, which need one each')
  expectRefused({ groups: 4 }, 'groups: 6 experts do not divide into 4 equal parts')
  expectRefused({ gpus: 6 }, 'gpus: 8 replicas do not divide into 6 equal parts')
  expectRefused({ nodes: 3 }, 'nodes: 4 GPUs do not divide into 3 equal parts')
  expectRefused({ gpus: 0 }, 'gpus: expected a whole number of 1 or more, found 0')
})
