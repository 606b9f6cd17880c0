import { missingRun, type SweepRun } from '@core/lab/sweep/read-run'
import { expect, test } from 'vitest'
import { columnsOf, filtered, filterProblem, sorted } from './table'

const run = (id: string, varied: object, figures: SweepRun['figures'] = {}, total = 10): SweepRun => ({
  ...missingRun({
    id,
    kind: 'train',
    spec: {},
    asked: {},
    varied: { ...varied },
    threads: 1,
    size: { total, active: 10, flops: null }
  }),
  figures,
  state: Object.keys(figures).length > 0 ? { kind: 'whole' } : { kind: 'missing' }
})

const runs = [
  run('a-1', { 'architecture.kind': 'dense', 'recipe.seed': 1, 'recipe.batch': 4 }, { loss: 3 }),
  run('b-2', { 'architecture.kind': 'moe', 'recipe.seed': 10, 'recipe.batch': 4 }, { loss: 2 }, 40),
  run('c-3', { 'architecture.kind': 'moe', 'recipe.seed': 2, 'recipe.batch': 4 })
]
const columns = columnsOf(runs)
const idsOf = (rows: readonly SweepRun[]) => rows.map(({ id }) => id.slice(0, 1)).join('')

test('settings that differ have columns, by as much of their paths as tells them apart', () => {
  expect(columns.map(({ label }) => label)).toEqual(['kind', 'seed', 'state', 'loss', 'total', 'active'])
  const alike = columnsOf([
    run('a', { 'a.seed': 1, 'b.seed': 1 }, { loss: 1 }),
    run('b', { 'a.seed': 2, 'b.seed': 2 }, { loss: 1 })
  ])
  expect(alike.map(({ label }) => label)).toEqual(['a.seed', 'b.seed', 'loss', 'total', 'active'])
})

test.each([
  ['', 'abc'],
  ['moe', 'bc'],
  ['kind=moe seed>2', 'b'],
  ['loss<=3', 'ab'],
  ['loss<3', 'b'],
  ['loss!=3', 'bc'],
  ['state=missing', 'c'],
  ['architecture.kind!=moe', 'a'],
  ['a-1', 'a'],
  ['nonsense', '']
])('the filter %j leaves %s', (filter, expected) => {
  expect(idsOf(filtered(runs, columns, filter))).toBe(expected)
  expect(filterProblem(filter, columns)).toBeUndefined()
})

test('a comparison with no column is told, and leaves all', () => {
  expect(idsOf(filtered(runs, columns, 'width=3'))).toBe('abc')
  expect(filterProblem('moe width=3', columns)).toBe(
    'No column is called width: there are kind, seed, state, loss, total, active.'
  )
})

test('numbers are sorted by their size, and what is not there is last in both orders', () => {
  expect(idsOf(sorted(runs, columns, 'recipe.seed', false))).toBe('acb')
  expect(idsOf(sorted(runs, columns, 'loss', false))).toBe('bac')
  expect(idsOf(sorted(runs, columns, 'loss', true))).toBe('abc')
  expect(idsOf(sorted(runs, columns, '', true))).toBe('abc')
})
