import { expect, test } from 'vitest'
import { denseFamily } from './dense-family'
import { run } from './runs.fixture'

test('sizes rise, equal sizes join, and members without a report are left out', () => {
  const family = denseFamily([
    { id: 'large', parameters: 900, reports: [run(0.8)] },
    { id: 'small', parameters: 100, reports: [run(1.1, 1), run(1.2, 2)] },
    { id: 'untrained', parameters: 500, reports: [] },
    { id: 'other small', parameters: 100, reports: [run(1.3)] }
  ])
  expect(family.sizes.map(({ ids, parameters, runs }) => [ids, parameters, runs.map(({ total }) => total)])).toEqual([
    [['small', 'other small'], 100, [1.1, 1.2, 1.3]],
    [['large'], 900, [0.8]]
  ])
  expect(family.quantities).toEqual(['total', 'memory', 'computation', 'fact', 'seq'])
})

test('a domain that one run has no loss for is no quantity of the family', () => {
  const partial = run(1, 1, { domains: { fact: 0.4 } })
  const family = denseFamily([
    { id: 'a', parameters: 100, reports: [run(1.1)] },
    { id: 'b', parameters: 200, reports: [partial] }
  ])
  expect(family.quantities).toEqual(['total', 'memory', 'computation', 'fact'])
})

test('runs on different text are refused, by name', () => {
  const member = (id: string, report: ReturnType<typeof run>) => ({ id, parameters: 100, reports: [report] })
  expect(() => denseFamily([member('a', run(1)), member('b', { ...run(1), characters: 9 })])).toThrow(
    'a (seed 1) and b (seed 1) cannot be compared: a (seed 1) was trained on 8000000 characters of the corpus ' +
      '(seed 1, world (names 1024, pairs 2048)), b (seed 1) on 9 characters'
  )
  const otherWorld = { ...run(1), corpus: { world: { pairs: 2048, names: 512 }, seed: 1 } }
  expect(() => denseFamily([member('a', run(1)), member('b', otherWorld)])).toThrow('names 512')
  const sameInOtherOrder = { ...run(1), corpus: { world: { pairs: 2048, names: 1024 }, seed: 1 } }
  expect(denseFamily([member('a', run(1)), member('b', sameInOtherOrder)]).sizes).toHaveLength(1)
})

test('a seed given twice, an impossible size and no report at all are refused', () => {
  expect(() => denseFamily([{ id: 'a', parameters: 100, reports: [run(1), run(1)] }])).toThrow(
    'two reports are of a (seed 1); give each seed once'
  )
  expect(() => denseFamily([{ id: 'a', parameters: 0.5, reports: [run(1)] }])).toThrow('found 0.5')
  expect(() => denseFamily([])).toThrow('at least one dense model')
})
