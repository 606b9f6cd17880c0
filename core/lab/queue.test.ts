import { expect, test } from 'vitest'
import { z } from 'zod'
import { createGate } from './gate'
import { createMemoryStore } from './memory-store'
import type { Execute, QueuedKind, RunQueue } from './queue'
import { createQueue, RunHeldError } from './queue'
import type { Needs, RunRecord } from './run'
import type { RunStore } from './store'

/** A kind whose runs take as many steps as their spec says. */
function kindOf(kind: string, needs: Needs): QueuedKind {
  return { kind, spec: z.object({ name: z.string(), steps: z.int() }), stem: () => kind, needs: () => needs }
}

const kinds = [kindOf('work', { cores: 1 }), kindOf('wide', { cores: 2 }), kindOf('speed', 'quiet')]
const work = (name: string, steps = 3, kind = 'work') => ({ kind, spec: { name, steps } })
const nameOf = ({ spec }: RunRecord) => (spec as { name: string }).name

/** Executes runs step by step and logs each step; a run takes a step only when it is allowed to. */
function createLab(store: RunStore = createMemoryStore(), cores = 1) {
  const log: string[] = []
  const execute: Execute = (run, progress) => {
    const gate = createGate()
    const { name, steps } = run.spec as { name: string; steps: number }
    const compute = async () => {
      try {
        for (let step = 1; step <= steps; step++) {
          await gate.turn()
          if (name === 'broken' && step === 2) throw new Error('the loss is NaN')
          log.push(`${name} ${step}`)
          progress(step / steps, `step ${step}`)
        }
      } finally {
        gate.end()
      }
    }
    return { ended: compute(), pause: gate.pause, resume: gate.resume, cancel: gate.cancel }
  }
  return { log, queue: createQueue({ kinds, store, execute, cores }) }
}

const statuses = (queue: RunQueue) => queue.records.map((record) => `${nameOf(record)} ${record.status}`)
/** Steps of a run that is cancelled before it comes to its end. */
const endless = 1e9
/** Resolves when a run has taken its next step. */
const nextStep = (queue: RunQueue, name: string) =>
  new Promise<void>((resolve) => {
    const doneOf = () => queue.records.find((each) => nameOf(each) === name)?.done ?? 0
    const before = doneOf()
    const stop = queue.subscribe(() => {
      if (doneOf() === before) return
      stop()
      resolve()
    })
  })

test('runs wait for each other on one core, and each ends whole', async () => {
  const { queue, log } = createLab()
  const [first, second] = await Promise.all([queue.add(work('a')), queue.add(work('b'))])
  expect((await queue.ended(first.id)).status).toBe('finished')
  expect((await queue.ended(second.id)).status).toBe('finished')
  expect(log).toEqual(['a 1', 'a 2', 'a 3', 'b 1', 'b 2', 'b 3'])
})

test('two cores compute two runs at a time, and what needs both waits for both', async () => {
  const { queue, log } = createLab(createMemoryStore(), 2)
  const asked = [work('a', endless), work('b', endless), work('c', 1, 'wide')]
  const [a, b, c] = await Promise.all(asked.map((run) => queue.add(run)))
  await nextStep(queue, 'b')
  await nextStep(queue, 'a')
  expect(statuses(queue)).toEqual(['a running', 'b running', 'c queued'])
  queue.cancel(a?.id ?? '')
  await nextStep(queue, 'b')
  expect(log).not.toContain('c 1')
  queue.cancel(b?.id ?? '')
  expect((await queue.ended(c?.id ?? '')).status).toBe('finished')
})

test('while a speed is measured everything else stands still, and then goes on by itself', async () => {
  const { queue, log } = createLab()
  const training = await queue.add(work('training', endless))
  await nextStep(queue, 'training')
  const speed = await queue.add(work('speed', 3, 'speed'))
  expect((await queue.ended(speed.id)).status).toBe('finished')
  await nextStep(queue, 'training')
  queue.cancel(training.id)
  await queue.ended(training.id)
  const begun = log.indexOf('speed 1')
  expect(log.slice(begun, begun + 3)).toEqual(['speed 1', 'speed 2', 'speed 3'])
  const steps = log.filter((line) => line.startsWith('training'))
  expect(steps).toEqual(steps.map((_, i) => `training ${i + 1}`))
  expect(log.at(-1)).toBe(steps.at(-1))
})

test('quiet holds everything until it is given back', async () => {
  const { queue, log } = createLab()
  const training = await queue.add(work('training', endless))
  await nextStep(queue, 'training')
  const release = await queue.quiet()
  const before = log.length
  await queue.add(work('other', 1))
  expect(statuses(queue)).toEqual(['training paused', 'other queued'])
  expect(log).toHaveLength(before)
  release()
  await nextStep(queue, 'training')
  expect(statuses(queue)).toEqual(['training running', 'other queued'])
  queue.cancel(training.id)
})

test('a run is cancelled alone, whether it computes, stands still or waits', async () => {
  const { queue } = createLab()
  const [a, b, c] = await Promise.all([queue.add(work('a', endless)), queue.add(work('b', 2)), queue.add(work('c', 2))])
  await nextStep(queue, 'a')
  queue.cancel(b.id)
  const release = await queue.quiet()
  queue.cancel(a.id)
  expect((await queue.ended(a.id)).status).toBe('cancelled')
  release()
  expect((await queue.ended(c.id)).status).toBe('finished')
  expect(statuses(queue)).toEqual(['a cancelled', 'b cancelled', 'c finished'])
})

test('a failure says why, and the next run goes on', async () => {
  const { queue } = createLab()
  const [broken, next] = await Promise.all([queue.add(work('broken')), queue.add(work('next'))])
  expect(await queue.ended(broken.id)).toMatchObject({ status: 'failed', failure: 'the loss is NaN' })
  expect((await queue.ended(next.id)).status).toBe('finished')
})

test('the same run is computed once, whoever asks for it', async () => {
  const { queue, log } = createLab()
  const [first, again] = await Promise.all([
    queue.add(work('a')),
    queue.add({ kind: 'work', spec: { steps: 3, name: 'a' } })
  ])
  expect(again.id).toBe(first.id)
  await queue.ended(first.id)
  expect((await queue.add(work('a'))).status).toBe('finished')
  expect(log).toHaveLength(3)
})

test('what was under way when its program died is offered again, and goes on', async () => {
  const store = createMemoryStore()
  const { queue } = createLab(store)
  const { id } = await queue.add(work('a', endless))
  await nextStep(queue, 'a')
  // The program dies: what it held is free, and nobody says that the run has ended.
  const left: RunStore = { ...store, hold: async () => ({ release: async () => undefined }) }
  const { queue: next, log } = createLab(left)
  await next.open()
  expect(statuses(next)).toEqual(['a interrupted'])
  await next.add(work('a', endless))
  await nextStep(next, 'a')
  expect(statuses(next)).toEqual(['a running'])
  expect(log[0]).toBe('a 1')
  for (const each of [queue, next]) each.cancel(id)
})

test('a run that another window computes is refused here, and is not listed as interrupted', async () => {
  const store = createMemoryStore()
  const { queue } = createLab(store)
  await queue.add(work('a', endless))
  const { queue: other } = createLab(store)
  await other.open()
  expect(other.records).toEqual([])
  await expect(other.add(work('a', endless))).rejects.toThrow(RunHeldError)
  await queue.remove(queue.records[0]?.id ?? '')
  expect(await store.ids()).toEqual([])
})

test('a store that takes nothing is told at once', async () => {
  const store = createMemoryStore()
  const full: RunStore = {
    ...store,
    files: (id) => ({
      ...store.files(id),
      write: async () => {
        throw new Error('the disk is full')
      }
    })
  }
  const { queue } = createLab(full)
  await expect(queue.add(work('a'))).rejects.toThrow('the disk is full')
  expect(queue.records).toMatchObject([{ status: 'failed' }])
})

test('an unknown kind is refused by name', async () => {
  const { queue } = createLab()
  await expect(queue.add({ kind: 'dance', spec: {} })).rejects.toThrow(
    "there is no kind of run 'dance': choose one of work"
  )
})
