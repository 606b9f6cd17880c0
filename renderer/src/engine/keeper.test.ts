import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createEngineKeeper, EngineStartError } from './keeper'
import { NearWorker } from './near-worker.fixture'
import type { EngineFacts, EngineOptions } from './protocol'

const facts: EngineFacts = { backend: 'wasm', threads: 1, maxThreads: 2, isolated: true, webgpu: false }
const usual: EngineOptions = { backend: 'wasm', threads: 0 }
const others: EngineOptions = { ...usual, threads: 2 }

/** The workers that were made, in turn. */
let made: NearWorker[] = []
/** Answer of the next worker to `start`. */
let starting: (options: EngineOptions) => Promise<EngineFacts>

beforeEach(() => {
  made = []
  starting = async ({ threads }) => ({ ...facts, threads: threads || 1 })
  vi.stubGlobal(
    'Worker',
    class extends NearWorker {
      constructor() {
        super({ start: starting })
        made.push(this)
      }
    }
  )
})

afterEach(() => {
  vi.unstubAllGlobals()
})

const ignore = () => undefined

test('an engine is kept while the same is asked of it', async () => {
  const keeper = createEngineKeeper(ignore)
  const { engine } = await keeper.start(usual)
  expect(made).toHaveLength(1)
  expect((await keeper.start(usual)).engine).toBe(engine)
  expect(made).toHaveLength(1)
  keeper.end()
  expect(made[0]?.terminated).toBe(true)
})

test('where others are chosen it makes room for one that has them', async () => {
  const keeper = createEngineKeeper(ignore)
  expect((await keeper.start(usual)).facts.threads).toBe(1)
  expect((await keeper.start(others)).facts.threads).toBe(2)
  expect(made.map(({ terminated }) => terminated)).toEqual([true, false])
  keeper.end()
})

test('one that cannot start says why, and the next start is another', async () => {
  starting = () => Promise.reject(new Error('no memory'))
  const keeper = createEngineKeeper(ignore)
  const failed = keeper.start(usual)
  await expect(failed).rejects.toThrow(EngineStartError)
  await expect(failed).rejects.toThrow('no memory')
  expect(keeper.engine).toBeUndefined()
  starting = async () => facts
  expect((await keeper.start(usual)).facts).toEqual(facts)
  expect(made.map(({ terminated }) => terminated)).toEqual([true, false])
  keeper.end()
})

test('a death while it starts fails the start, and one after is told', async () => {
  starting = () => new Promise(ignore)
  const deaths: unknown[] = []
  const keeper = createEngineKeeper((error) => deaths.push(String(error)))
  const dying = keeper.start(usual)
  made[0]?.die('crashed')
  await expect(dying).rejects.toThrow('crashed')
  expect(deaths).toEqual([])
  starting = async () => facts
  await keeper.start(usual)
  made[1]?.die('out of memory')
  expect(deaths).toEqual(['Error: out of memory'])
})
