import { proxy, releaseProxy } from 'comlink'
import { expect, test, vi } from 'vitest'
import { connect } from './client'
import { withLent } from './lent'
import { NearWorker } from './near-worker.fixture'
import { createRoutingApi } from './routing-api'

function routing(api: object, onDeath: (error: Error) => void = () => undefined) {
  const worker = new NearWorker(api)
  return { worker, ...connect(worker as unknown as Worker, 'routing', onDeath) }
}

const never = () => new Promise<never>(() => undefined)

test('a worker answers, and says why it does not', async () => {
  const { api, end } = routing(createRoutingApi())
  await expect(api.exported(1, 'csv')).rejects.toThrow('trace 1 is not open')
  await expect(api.close(1)).resolves.toBeUndefined()
  end()
})

test('calls that wait for a worker that dies reject with why, after who keeps it was told', async () => {
  const told: string[] = []
  const { api, worker } = routing({ stop: never, close: never }, ({ message }) => told.push(message))
  const calls = [api.stop(), api.close(1)].map((call) => call.catch(({ message }: Error) => told.push(message)))
  worker.die('out of memory')
  await Promise.all(calls)
  expect(told).toEqual(['out of memory', 'out of memory', 'out of memory'])
  expect(worker.terminated).toBe(true)
  worker.die('again')
  expect(told).toHaveLength(3)
  await expect(api.stop()).rejects.toThrow('out of memory')
})

test('a worker that dies without a word is said to', async () => {
  const { api, worker } = routing({ stop: never })
  const call = api.stop()
  worker.die('')
  await expect(call).rejects.toThrow('the routing worker stopped without saying why')
})

test('calls that wait for a worker that is ended reject, and nobody is told of a death', async () => {
  const onDeath = vi.fn<(error: Error) => void>()
  const { api, worker, end } = routing({ stop: never }, onDeath)
  const call = api.stop()
  end()
  await expect(call).rejects.toThrow('was ended before it answered')
  expect(worker.terminated).toBe(true)
  worker.die('too late')
  expect(onDeath).not.toHaveBeenCalled()
})

test('what the screen lent is given back when the work has ended, well or not', async () => {
  const heard: unknown[] = []
  let lent: (() => unknown) | undefined
  const { api, end } = routing({
    stop: (tell: (told: string) => Promise<void>, work: string) => {
      lent = () => tell('too late')
      return withLent(tell, async (tell) => {
        await tell(work)
        if (work === 'breaks') throw new Error('broken')
      })
    }
  })
  const stop: (...given: unknown[]) => Promise<void> = api.stop
  const tell = (told: unknown) => void heard.push(told)
  await stop(proxy(tell), 'ends')
  expect(lent).toThrow('released')
  await expect(stop(proxy(tell), 'breaks')).rejects.toThrow('broken')
  expect(lent).toThrow('released')
  expect(heard).toEqual(['ends', 'breaks'])
  end()
})

test('what the work told was heard before its answer, though nobody waited for it', async () => {
  const heard: number[] = []
  const { api, end } = routing({
    stop: (tell: (told: number) => void) =>
      withLent(tell, async (tell) => {
        for (const told of [1, 2, 3]) tell(told)
      })
  })
  const stop: (...given: unknown[]) => Promise<void> = api.stop
  await stop(
    proxy(async (told: number) => {
      await new Promise((later) => setTimeout(later, 10))
      heard.push(told)
    })
  )
  expect(heard).toEqual([1, 2, 3])
  end()
})

test('a trace keeps the reader of its file while it is open, and no longer', async () => {
  const bytes = new TextEncoder().encode('layer,expert\n0,1\n0,3\n')
  const file = { name: 'moe_trace.csv', size: bytes.length }
  const releases = vi.fn<() => void>()
  const read = Object.assign(async (start: number, end: number) => bytes.slice(start, end), {
    [releaseProxy]: releases
  })
  const api = createRoutingApi()
  expect(await api.inspect(file, read)).toMatchObject({ candidates: [{ format: 'llama-cpp' }] })
  expect(releases).toHaveBeenCalledTimes(1)
  await expect(api.open(1, file, read, { format: 'olmoe' })).rejects.toThrow('moe_trace.csv')
  expect(releases).toHaveBeenCalledTimes(2)
  await api.open(2, file, read, { answers: { experts: 4 } })
  expect(releases).toHaveBeenCalledTimes(2)
  await api.close(2)
  expect(releases).toHaveBeenCalledTimes(3)
})
