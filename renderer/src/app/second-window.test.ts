import type { StepRecord } from '@core/generate/records'
import { afterEach, expect, test } from 'vitest'
import type { Contestant } from '../compare/state'
import { createMemoryHost } from '../host/memory'
import { createApp } from './create-app'
import { follow, lead } from './second-window'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

function twoWindows() {
  const [first, second] = [{}, { following: true }].map((beginning) => createApp(createMemoryHost(), beginning))
  if (!first || !second) throw new Error('expected two windows')
  ends.push(lead(first.store), follow(second))
  return { first, second, shown: () => second.store.getState() }
}

const contestant = (texts: string): Contestant => ({
  steps: Array.from(texts, (text, position) => ({ position, text, source: 'generated' }) as StepRecord),
  speed: undefined,
  prefillTokensPerSecond: 9
})

test('a second window follows view, choices, run and pointer, and computes nothing', async () => {
  const { first, second, shown } = twoWindows()
  first.choose({ view: 'scaling', seed: 11 })
  await expect.poll(() => shown().choices).toMatchObject({ view: 'scaling', seed: 11 })
  const [left, right] = [contestant('ab'), contestant('cd')]
  first.store.setState({ contestants: [left, right], status: 'running', pointed: { model: 1, position: 1 } })
  await expect.poll(() => shown().contestants).toEqual([left, right])
  expect(shown()).toMatchObject({ status: 'running', pointed: { model: 1, position: 1 } })
  const longer = { ...right, steps: [...right.steps, ...contestant('e').steps] }
  first.store.setState({ contestants: [left, longer], status: 'paused' })
  await expect.poll(() => shown().contestants).toEqual([left, longer])
  first.store.setState({ contestants: [contestant('x'), contestant('y')] })
  await expect.poll(() => shown().contestants).toEqual([contestant('x'), contestant('y')])
  expect(second.store.getState().following).toBe(true)
  const exams = { 'moe-64 fact': { questions: [], answers: [true, false] } }
  first.store.setState({ exams })
  await expect.poll(() => shown().exams).toEqual(exams)
})

test('it goes its own way when something is done in it, and follows again when that is asked for', async () => {
  const { first, second, shown } = twoWindows()
  first.choose({ view: 'scaling' })
  first.store.setState({ contestants: [contestant('abc'), contestant('abc')] })
  await expect.poll(() => shown().contestants[1].steps).toHaveLength(3)
  second.configure({ textSize: 150 })
  expect(shown().following).toBe(true)
  second.choose({ view: 'architectures' })
  // The text that was shown is generated again, in the view that shows it.
  expect(shown()).toMatchObject({ following: false, status: 'resting', choices: { view: 'architectures', shown: 3 } })
  first.choose({ seed: 12 })
  second.store.setState({ following: true })
  await expect.poll(() => shown().choices).toMatchObject({ view: 'scaling', seed: 12 })
})

test('a first window that opens anew is followed again', async () => {
  const { shown } = twoWindows()
  ends.shift()?.()
  const again = createApp(createMemoryHost())
  again.choose({ view: 'lab', seed: 5 })
  ends.push(lead(again.store))
  await expect.poll(() => shown().choices).toMatchObject({ seed: 5 })
})
