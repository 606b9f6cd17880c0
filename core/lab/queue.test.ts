import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { createGate } from './gate'
import { createMemoryStore } from './memory-store'
import type { Execute, QueuedKind, RunQueue } from './queue'
import { createQueue, RunHeldError } from './queue'
import type { Needs, RunRecord } from './run'
import { type RunStore, recordName } from './store'

/** A kind whose runs take as many steps as their spec says. */
function kindOf(kind: string, needs: Needs): QueuedKind {
  return { kind, spec: z.object({ name: z.string(), steps: z.int() }), stem: () => kind, needs: () => needs }
}

const kinds = [kindOf('work', { cores: 1 }), kindOf('wide', { cores: 2 }), kindOf('speed', 'quiet')]
const work = (name: string, steps = 3, kind = 'work') => ({ kind, spec: { name, steps } })
const nameOf = ({ spec }: RunRecord) => (spec as { name: string }).name

/** Awaited before a run takes a step, in its own time. */
type BeforeStep = (name: string, step: number) => Promise<void> | undefined

/** Executes runs step by step and logs each step. */
function createLab(
  store: RunStore = createMemoryStore(),
  cores = 1,
  beforeStep: BeforeStep = () => undefined,
  now = Date.now
) {
  const log: string[] = []
  const execute: Execute = (run, progress) => {
    const gate = createGate()
    const { name, steps } = run.spec as { name: string; steps: number }
    const compute = async () => {
      try {
        for (let step = 1; step <= steps; step++) {
          await beforeStep(name, step)
          await gate.turn()
          if (name === 'broken' && step === 2) throw new Error('the loss is NaN')
          log.push(`${name} ${step}`)
          gate.stepped()
          progress(step / steps, `step ${step}`)
        }
      } finally {
        gate.end()
      }
    }
    return { ended: compute(), ...gate }
  }
  return { log, queue: createQueue({ kinds, store, execute, cores, turnMilliseconds: 2, now }) }
}

/** Something that a test waits for. */
function opened() {
  let open = () => {}
  const reached = new Promise<void>((resolve) => {
    open = resolve
  })
  return { reached, open: () => open() }
}

const statuses = (queue: RunQueue) => queue.records.map((record) => `${nameOf(record)} ${record.status}`)
const untilStep = (queue: RunQueue, name: string, step: number) =>
  new Promise<void>((resolve) => {
    const stop = queue.subscribe(() => {
      const record = queue.records.find((each) => nameOf(each) === name)
      if (record?.detail !== `step ${step}`) return
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
  const all = opened()
  const { queue, log } = createLab(createMemoryStore(), 2, (_, step) => (step === 2 ? all.reached : undefined))
  const added = await Promise.all([queue.add(work('a')), queue.add(work('b')), queue.add(work('c', 1, 'wide'))])
  all.open()
  for (const { id } of added) await queue.ended(id)
  expect(log.slice(0, 2).toSorted()).toEqual(['a 1', 'b 1'])
  expect(log.at(-1)).toBe('c 1')
})

test('runs of a group begin at once and share a core in turns, so that all come on together', async () => {
  const { queue, log } = createLab(createMemoryStore(), 1, (_, step) => (step % 8 === 0 ? wait(1) : undefined))
  const together = { group: 'race' }
  const all = Promise.all(['a', 'b', 'c'].map((name) => untilStep(queue, name, 1)))
  const added = []
  for (const name of ['a', 'b', 'c']) added.push(await queue.add(work(name, 200), undefined, together))
  await all
  expect(statuses(queue)).toEqual(['a running', 'b running', 'c running'])
  for (const { id } of added) expect((await queue.ended(id)).status).toBe('finished')
  expect(log).toHaveLength(600)
  // By the end of the first, each of the others has come far, and they have changed over often.
  const before = log.slice(0, Math.min(...['a', 'b', 'c'].map((name) => log.indexOf(`${name} 200`))))
  for (const name of ['a', 'b', 'c']) {
    expect(before.filter((line) => line.startsWith(name)).length).toBeGreaterThan(50)
  }
  const changes = log.filter((line, i) => i > 0 && line[0] !== log[i - 1]?.[0])
  expect(changes.length).toBeGreaterThan(6)
})

test('beside a group there is a core for who came later, and a group waits for nobody but for one core', async () => {
  const third = opened()
  const { queue } = createLab(createMemoryStore(), 2, (_, step) => (step === 3 ? third.reached : undefined))
  // Whichever of the two comes to the gate keeps the core: on a slow machine that is not always the first.
  const second = Promise.race([untilStep(queue, 'a', 2), untilStep(queue, 'b', 2)])
  const alone = await queue.add(work('alone'))
  const a = await queue.add(work('a'), undefined, { group: 'race' })
  const b = await queue.add(work('b'), undefined, { group: 'race' })
  const later = await queue.add(work('later'))
  await second
  expect(statuses(queue)).toEqual(['alone running', 'a running', 'b running', 'later queued'])
  third.open()
  for (const { id } of [alone, a, b, later]) expect((await queue.ended(id)).status).toBe('finished')
})

test('a run is paused, takes one step, and goes on when it is asked to', async () => {
  const { queue, log } = createLab()
  const second = untilStep(queue, 'a', 2)
  const { id } = await queue.add(work('a', 40))
  await second
  queue.pause(id)
  await queue.step(id)
  const taken = log.length
  expect(queue.records[0]).toMatchObject({ status: 'paused', onHold: true })
  await queue.step(id)
  await queue.step(id)
  expect(log).toHaveLength(taken + 2)
  // A measurement meanwhile does not make it go on.
  const release = await queue.quiet()
  release()
  const again = await queue.quiet()
  again()
  expect(log).toHaveLength(taken + 2)
  queue.resume(id)
  expect(await queue.ended(id)).toMatchObject({ status: 'finished' })
  expect(log).toHaveLength(40)
})

test('a run can begin with a single step, and be cancelled while it stands still', async () => {
  const { queue, log } = createLab()
  const { id } = await queue.add(work('a', 5), undefined, { onHold: true })
  await queue.step(id)
  await queue.step(id)
  expect(log).toEqual(['a 1', 'a 2'])
  queue.cancel(id)
  expect(await queue.ended(id)).toMatchObject({ status: 'cancelled' })
  expect(queue.records[0]?.onHold).toBeUndefined()
})

test('while a speed is measured everything else stands still, and then goes on by itself', async () => {
  const asked = opened()
  const { queue, log } = createLab(createMemoryStore(), 1, (_, step) => (step === 10 ? asked.reached : undefined))
  const training = await queue.add(work('training', 50))
  const speed = await queue.add(work('speed', 3, 'speed'))
  asked.open()
  await queue.ended(speed.id)
  await queue.ended(training.id)
  const begun = log.indexOf('speed 1')
  expect(log.slice(begun, begun + 3)).toEqual(['speed 1', 'speed 2', 'speed 3'])
  expect(log.filter((line) => line.startsWith('training'))).toHaveLength(50)
  expect(begun).toBeLessThan(log.indexOf('training 50'))
})

test('quiet holds everything until it is given back', async () => {
  const { queue, log } = createLab()
  const training = await queue.add(work('training', 50))
  await untilStep(queue, 'training', 2)
  const release = await queue.quiet()
  const before = log.length
  const other = await queue.add(work('other', 1))
  expect(statuses(queue)).toEqual(['training paused', 'other queued'])
  expect(log).toHaveLength(before)
  release()
  await queue.ended(training.id)
  expect((await queue.ended(other.id)).status).toBe('finished')
})

test('a measurement that stood still for another goes on, and what stands still for it goes on after it', async () => {
  // Each waits in its third step for what it is to stand still for.
  const third = { training: opened(), speed: opened() }
  const { queue, log } = createLab(createMemoryStore(), 1, (name, step) =>
    step === 3 ? third[name as keyof typeof third].reached : undefined
  )
  const training = await queue.add(work('training', 50))
  const speed = await queue.add(work('speed', 50, 'speed'))
  const measuring = untilStep(queue, 'speed', 2)
  third.training.open()
  await measuring
  const still = queue.quiet()
  third.speed.open()
  const release = await still
  expect(statuses(queue)).toEqual(['training paused', 'speed paused'])
  release()
  expect((await queue.ended(speed.id)).status).toBe('finished')
  expect((await queue.ended(training.id)).status).toBe('finished')
  const [begun, ended] = [log.indexOf('speed 1'), log.indexOf('speed 50')]
  expect(log.slice(begun, ended).filter((line) => line.startsWith('training'))).toEqual([])
})

test('a run is cancelled alone, whether it computes, stands still or waits', async () => {
  const asked = opened()
  const { queue } = createLab(createMemoryStore(), 1, (_, step) => (step === 2 ? asked.reached : undefined))
  const [a, b, c] = await Promise.all([queue.add(work('a', 1000)), queue.add(work('b', 2)), queue.add(work('c', 2))])
  const begun = untilStep(queue, 'a', 2)
  asked.open()
  await begun
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

test('a spec that is not of its kind is refused in words', async () => {
  const { queue } = createLab()
  await expect(queue.add({ kind: 'work', spec: { name: 'a', steps: 0.5 } })).rejects.toThrow(
    /^the spec of a run of kind 'work': steps: .*expected int/
  )
  expect(queue.records).toEqual([])
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
  const { id } = await queue.add(work('a', 1000))
  await untilStep(queue, 'a', 1)
  // The program dies: what it held is free, and nobody says that the run has ended.
  const left: RunStore = { ...store, hold: async () => ({ release: async () => undefined }) }
  const { queue: next, log } = createLab(left)
  await next.open()
  expect(statuses(next)).toEqual(['a interrupted'])
  await next.add(work('a', 1000))
  expect((await next.ended(id)).status).toBe('finished')
  expect(log).toHaveLength(1000)
  queue.cancel(id)
})

test('opened again, the queue has the runs that its store holds by now; what computes and what failed stay', async () => {
  let shown = createMemoryStore()
  const other = createMemoryStore()
  const asked = opened()
  // A store that shows another folder from some time on, as when the user chooses another one for models.
  const store: RunStore = {
    ids: () => shown.ids(),
    files: (id) => shown.files(id),
    remove: (id) => shown.remove(id),
    hold: (id) => shown.hold(id)
  }
  const { queue: there } = createLab(other)
  await there.ended((await there.add(work('there'), 'there')).id)

  const { queue } = createLab(store, 1, (name) => (name === 'long' ? asked.reached : undefined))
  await queue.open()
  await queue.ended((await queue.add(work('here'), 'here')).id)
  await queue.ended((await queue.add(work('broken'), 'broken')).id)
  const long = await queue.add(work('long'), 'long')
  shown = other
  await queue.open()
  expect(statuses(queue).toSorted()).toEqual(['broken failed', 'long running', 'there finished'])
  asked.open()
  expect((await queue.ended(long.id)).status).toBe('finished')
})

test('what died is said to be as far as it was some seconds before', async () => {
  const store = createMemoryStore()
  let time = 0
  // Every step takes three seconds.
  const { queue } = createLab(store, 1, undefined, () => (time += 3000))
  const { id } = await queue.add(work('a', 1000))
  await untilStep(queue, 'a', 20)
  const { queue: next } = createLab({ ...store, hold: async () => ({ release: async () => undefined }) })
  await next.open()
  expect(next.records[0]?.done).toBeGreaterThanOrEqual(0.015)
  expect(next.records[0]?.done).toBeLessThanOrEqual(0.02)
  await queue.remove(id)
  expect(await store.ids()).toEqual([])
})

test('a run that has just ended can be asked for again, or removed, at once', async () => {
  const { queue, log } = createLab()
  const { id } = await queue.add(work('broken'))
  await queue.ended(id)
  await queue.add(work('broken'))
  await queue.ended(id)
  expect(log).toEqual(['broken 1', 'broken 1'])
  await queue.remove(id)
  await queue.add(work('broken'))
  expect((await queue.ended(id)).status).toBe('failed')
})

test('what is shown as ended is written: another start finds it so', async () => {
  const store = createMemoryStore()
  const { queue } = createLab(store)
  const written: Promise<unknown>[] = []
  queue.subscribe(() => {
    for (const { id, status } of queue.records) {
      if (status === 'finished' && written.length === 0) written.push(store.files(id).read(recordName))
    }
  })
  const { id } = await queue.add(work('a'))
  await queue.ended(id)
  const [record] = (await Promise.all(written)) as Uint8Array[]
  expect(JSON.parse(new TextDecoder().decode(record))).toMatchObject({ status: 'finished', done: 1 })
})

test('a run keeps the id that it was given', async () => {
  const { queue } = createLab()
  const { id } = await queue.add(work('a'), 'my-moe-159k-1')
  expect(id).toBe('my-moe-159k-1')
  expect((await queue.ended(id)).status).toBe('finished')
  expect((await queue.add(work('a'), id)).status).toBe('finished')
})

test('a run that another window computes is refused here, and is not listed as interrupted', async () => {
  const store = createMemoryStore()
  const { queue } = createLab(store)
  await queue.add(work('a', 1000))
  const { queue: other } = createLab(store)
  await other.open()
  expect(other.records).toEqual([])
  await expect(other.add(work('a', 1000))).rejects.toThrow(RunHeldError)
  await expect(other.remove(queue.records[0]?.id ?? '')).rejects.toThrow(RunHeldError)
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

test('a spec that its kind does not read is told by its fields, and nothing is queued', async () => {
  const { queue } = createLab()
  await expect(queue.add({ kind: 'work', spec: { name: 1, steps: 2 } })).rejects.toThrow(
    /^the spec of a run of kind 'work': name: .*expected string/
  )
  expect(queue.records).toEqual([])
})

test('a run that fails says why, also where its record finds no room', async () => {
  const store = createMemoryStore()
  let isFull = false
  const released = opened()
  const filling: RunStore = {
    ...store,
    hold: async () => ({ release: async () => released.open() }),
    files: (id) => ({
      ...store.files(id),
      write: (name, content) =>
        isFull ? Promise.reject(new Error('the disk is full')) : store.files(id).write(name, content)
    })
  }
  const { queue } = createLab(filling, 1, (_, step) => {
    isFull = step === 2
    return undefined
  })
  const { id } = await queue.add(work('broken'))
  await queue.ended(id)
  await released.reached
  expect(queue.records).toMatchObject([{ id, status: 'failed', failure: 'the loss is NaN' }])
})
