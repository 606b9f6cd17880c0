import type { RunRecord, RunStatus } from '@core/lab/run'
import { expect, test } from 'vitest'
import { nextPaces, secondsLeft } from './pace'

const run = (done: number, status: RunStatus = 'running'): RunRecord => ({
  format: 'moescope.lab-run/1',
  id: 'a',
  kind: 'train',
  spec: {},
  status,
  created: 0,
  done,
  detail: ''
})

test('a run tells how long it will take; a slow start and what was done before tell nothing of its speed', () => {
  const begun = nextPaces({}, [run(0.25)], 30_000)
  expect(secondsLeft(begun.a)).toBeUndefined()
  // A quarter took 6 s, so two quarters take 12 s.
  const later = nextPaces(begun, [run(0.5)], 36_000)
  expect(secondsLeft(later.a)).toBe(12)
  // Something else has changed: this run has told nothing new.
  expect(secondsLeft(nextPaces(later, [run(0.5)], 50_000).a)).toBe(12)
})

test('a pause does not make a run slower', () => {
  const before = nextPaces(nextPaces({}, [run(0.1)], 0), [run(0.2)], 1000)
  const paused = nextPaces(before, [run(0.2, 'paused')], 1000)
  expect(paused).toEqual({})
  const after = nextPaces(nextPaces(paused, [run(0.2)], 61_000), [run(0.4)], 63_000)
  expect(secondsLeft(after.a)).toBeCloseTo(6)
})
