import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createBulletin } from './bulletin'
import type { RunNews } from './run-protocol'

const step = (step: number): RunNews => ({ kind: 'event', event: step })
const progress = (done: number): RunNews => ({ kind: 'progress', done, detail: '' })

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('the first news is sent at once, what follows soon together and in its order, with the last progress', () => {
  const sent: (readonly RunNews[])[] = []
  const bulletin = createBulletin((news) => sent.push(news), 250)
  bulletin.add(step(1))
  expect(sent).toEqual([[step(1)]])
  for (const each of [2, 3]) {
    bulletin.add(step(each))
    bulletin.add(progress(each / 4))
  }
  expect(sent).toHaveLength(1)
  vi.advanceTimersByTime(1000)
  expect(sent.slice(1)).toEqual([[step(2), step(3), progress(3 / 4)]])
  bulletin.add(step(4))
  expect(sent.at(-1)).toEqual([step(4)])
})

test('what waits can be sent before its time, and is sent once', () => {
  const sent: (readonly RunNews[])[] = []
  const bulletin = createBulletin((news) => sent.push(news), 250)
  bulletin.add(step(1))
  bulletin.add(step(2))
  bulletin.send()
  vi.advanceTimersByTime(1000)
  bulletin.send()
  expect(sent).toEqual([[step(1)], [step(2)]])
})
