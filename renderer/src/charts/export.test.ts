import { expect, test } from 'vitest'
import { csvOf } from './export'

const table = {
  columns: ['layer', 'name', 'share'],
  rows: [
    [0, 'a,b', 0.5],
    [1, 'say "x"', null]
  ]
}

test('a table is CSV as RFC 4180 has it', () => {
  expect(csvOf(table)).toBe('layer,name,share\n0,"a,b",0.5\n1,"say ""x""",\n')
})

test('facts stand before it, a line each that begins with #, also where they have several lines', () => {
  expect(csvOf(table, { title: 'Load', prompt: 'a\nb,  c', tokens: 20_035 }).split('\n').slice(0, 4)).toEqual([
    '# title: Load',
    '# prompt: a b, c',
    '# tokens: 20035',
    'layer,name,share'
  ])
})
