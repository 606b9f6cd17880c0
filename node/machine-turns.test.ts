import { join } from 'node:path'
import { expect, test } from 'vitest'
import { machineTurns, type Pausable } from './machine-turns'
import { temporaryFolder } from './temporary-folder.fixture'

const never = new AbortController().signal

/** Computing that says what happens to it. */
function watched(events: string[]): Pausable {
  return {
    pause: async () => void events.push('paused'),
    resume: () => void events.push('resumed')
  }
}

test('who measures waits until all others stand still, and they go on after it', async () => {
  const root = join(await temporaryFolder(), 'turns')
  const [turns, others] = [machineTurns(root), machineTurns(root)]
  const events: string[] = []
  const [computing, idle] = [turns.shared(), turns.shared()]
  await Promise.all([computing.begin(), idle.begin()])
  computing.pauses(watched(events))
  const quiet = await others.alone(never)
  expect(events).toEqual(['paused'])
  // Two do not measure at the same time, and nobody begins.
  const begun = idle.begin().then(() => void events.push('begun'))
  const measureNext = async () => {
    const hold = await others.alone(never)
    events.push('second')
    await hold.release()
  }
  const second = measureNext()
  events.push('released')
  await quiet.release()
  await Promise.all([begun, second])
  await expect.poll(() => events).toContain('resumed')
  expect(events.slice(0, 2)).toEqual(['paused', 'released'])
  await Promise.all([computing.end(), idle.end()])
  await (await others.alone(never)).release()
})

test('an interruption ends the waiting, and the wish', async () => {
  const root = join(await temporaryFolder(), 'turns')
  const turn = machineTurns(root).shared()
  await turn.begin()
  // One that never stands still.
  turn.pauses({ pause: () => new Promise(() => undefined), resume: () => undefined })
  const controller = new AbortController()
  const waiting = machineTurns(root).alone(controller.signal)
  controller.abort()
  await expect(waiting).rejects.toThrow(/abort/i)
  const next = machineTurns(root).shared()
  await next.begin()
  await next.end()
})
