import { expect, test } from 'vitest'
import { type EndedRun, experiments } from './experiments'
import { withLocks } from './lock'
import { trainingProblems } from './problems'

const ended = (name: string, loss: number, others: Partial<EndedRun> = {}): EndedRun => ({
  name,
  loss,
  largestLoad: undefined,
  total: 100,
  active: 50,
  ...others
})

const experimentOf = (id: string) => {
  const found = experiments.find((each) => each.id === id)
  if (!found) throw new Error(`expected an experiment '${id}'`)
  return found
}

test.each(experiments)('$id can be trained, and its locks are kept', ({ runs }) => {
  expect(runs.length).toBeGreaterThan(1)
  expect(runs.flatMap(trainingProblems)).toEqual([])
  for (const run of withLocks(runs, [])) expect(trainingProblems(run)).toEqual([])
})

test('a claim is answered with figures, also when it did not come out', () => {
  const { check } = experimentOf('equal-active')
  const moe = ended('Top-2 of 16', 1, { total: 600, active: 55 })
  expect(check([ended('Dense', 1.15), moe])).toEqual({
    holds: true,
    sentence:
      'Top-2 of 16 ends 0.150 below Dense at equal active parameters: 1.000 against 1.150 nats per character, with 6.0× the total and 1.1× the active parameters.'
  })
  expect(check([ended('Dense', 0.9), moe])).toEqual({
    holds: false,
    sentence:
      'Top-2 of 16 does not end below Dense at equal active parameters, but 0.100 above: 1.000 against 0.900 nats per character, with 6.0× the total and 1.1× the active parameters.'
  })
})

test('a collapse is told by the busiest expert, and by nothing where no load is known', () => {
  const { check } = experimentOf('collapse')
  expect(check([ended('a', 1, { largestLoad: 0.5 }), ended('b', 1, { largestLoad: 0.1 })]).holds).toBe(true)
  expect(check([ended('a', 1, { largestLoad: 0.12 }), ended('b', 1, { largestLoad: 0.1 })]).holds).toBe(false)
  const unknown = check([ended('a', 1, { largestLoad: 0.5 }), ended('b', 1)])
  expect(unknown.holds).toBeUndefined()
  expect(unknown.sentence).not.toContain('NaN')
})
