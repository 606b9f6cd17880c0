import { expect, test } from 'vitest'
import { groupBy } from './group-by'

test('items are grouped in the order of their first appearance', () => {
  expect([...groupBy(['one', 'two', 'three', 'four', 'five'], (word) => word.length)]).toEqual([
    [3, ['one', 'two']],
    [5, ['three']],
    [4, ['four', 'five']]
  ])
})
