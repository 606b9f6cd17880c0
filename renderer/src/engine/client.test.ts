import { proxy, releaseProxy } from 'comlink'
import { expect, test, vi } from 'vitest'
import { connect } from './client'
import { NearWorker } from './near-worker.fixture'
import { withCallback } from './remote-callback'
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
  const messages: string[] = []
  const { api, worker } = routing({ stop: never, close: never }, ({ message }) => messages.push(message))
  const calls = [api.stop(), api.close(1)].map((call) => call.catch(({ message }: Error) => messages.push(message)))
  worker.die('out of memory')
  await Promise.all(calls)
  expect(messages).toEqual(['out of memory', 'out of memory', 'out of memory'])
  expect(worker.terminated).toBe(true)
  worker.die('again')
  expect(messages).toHaveLength(3)
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

test('the channel of a callback is closed when the work has ended, well or not', async () => {
  const heard: unknown[] = []
  let callback: (() => unknown) | undefined
  const { api, end } = routing({
    stop: (tell: (text: string) => Promise<void>, work: string) => {
      callback = () => tell('too late')
      return withCallback(tell, async (tell) => {
        await tell(work)
        if (work === 'breaks') throw new Error('broken')
      })
    }
  })
  const stop: (...given: unknown[]) => Promise<void> = api.stop
  const tell = (text: unknown) => void heard.push(text)
  await stop(proxy(tell), 'ends')
  expect(callback).toThrow('released')
  await expect(stop(proxy(tell), 'breaks')).rejects.toThrow('broken')
  expect(callback).toThrow('released')
  expect(heard).toEqual(['ends', 'breaks'])
  end()
})

test('every call of a callback arrives before the answer, though nobody awaits it', async () => {
  const heard: number[] = []
  const { api, end } = routing({
    stop: (tell: (count: number) => void) =>
      withCallback(tell, async (tell) => {
        for (const count of [1, 2, 3]) tell(count)
      })
  })
  const stop: (...given: unknown[]) => Promise<void> = api.stop
  await stop(
    proxy(async (count: number) => {
      await new Promise((later) => setTimeout(later, 10))
      heard.push(count)
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
