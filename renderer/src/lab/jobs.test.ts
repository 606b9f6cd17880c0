import { expect, test } from 'vitest'
import { createApp } from '../app/create-app'
import { createMemoryHost } from '../host/memory'
import { createJobs, secondsLeft } from './jobs'

function setUp() {
  const clock = { time: 0 }
  const { store } = createApp(createMemoryHost())
  return { clock, jobs: createJobs(store, () => clock.time), list: () => store.getState().jobs }
}

test('a job tells how far it is and how long it will take', async () => {
  const { clock, jobs, list } = setUp()
  let end: () => void = () => undefined
  const ended = jobs.start('training', async ({ progress }) => {
    // A slow start, and a part that was done before: neither tells how fast it is.
    clock.time = 30_000
    progress(0.25, 'step 1')
    clock.time = 36_000
    progress(0.5, 'step 2')
    await new Promise<void>((resolve) => {
      end = resolve
    })
  })
  expect(list()).toMatchObject([{ title: 'training', done: 0.5, detail: 'step 2', status: 'running' }])
  const [job] = list()
  // A quarter took 6 s, so two quarters take 12 s.
  expect(job && secondsLeft(job)).toBe(12)
  end()
  await ended
  expect(list()).toMatchObject([{ status: 'done', done: 1 }])
  jobs.tidy()
  expect(list()).toEqual([])
})

test('cancelling ends the work, and what it threw then is no failure', async () => {
  const { jobs, list } = setUp()
  const ended = jobs.start('training', async ({ signal }) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    signal.throwIfAborted()
  })
  const [job] = list()
  jobs.cancel(job?.id ?? -1)
  expect(list()).toMatchObject([{ status: 'cancelling' }])
  await ended
  expect(list()).toMatchObject([{ status: 'cancelled' }])
})

test('a job that fails says why, and the next one is not disturbed', async () => {
  const { jobs, list } = setUp()
  await jobs.start('first', async () => {
    throw new Error('the disk is full')
  })
  await jobs.start('second', async () => undefined)
  expect(list()).toMatchObject([{ status: 'failed', detail: 'the disk is full' }, { status: 'done' }])
})
