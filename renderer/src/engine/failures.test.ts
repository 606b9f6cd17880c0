import { openModel } from '@core/model/runnable-model'
import { expect, test } from 'vitest'
import { createMemoryHost, type MemoryHost } from '../host/memory'
import { readModels } from '../state/library'
import { connect } from './client'
import { failureOf } from './failures'
import { EngineStartError } from './keeper'
import { NearWorker } from './near-worker.fixture'

/** The rejection of a call of the engine whose work throws in the worker. */
async function fromWorker(work: () => unknown): Promise<unknown> {
  const worker = new NearWorker({ load: async () => work() })
  const { api, end } = connect(worker as unknown as Worker, 'engine', () => undefined)
  const error = await api.load([]).then(
    () => undefined,
    (error: unknown) => error
  )
  end()
  return error
}

const bytes = (text: string) => new TextEncoder().encode(text)

test('a model that the engine cannot open is told as such, whatever the error says', async () => {
  const files = { config: bytes('{'), weights: bytes(''), tokenizer: bytes('') }
  const failure = failureOf(await fromWorker(() => openModel('my-moe', files)))
  expect(failure).toMatchObject({ title: 'A model could not be opened', remedy: 'choose-models' })
  expect(failure.detail).toMatch(/^model 'my-moe': config\.json/)
})

test('another error of the engine is not taken for one of a model, though it begins with that word', async () => {
  const error = await fromWorker(() => {
    throw new RangeError('model memory is exhausted')
  })
  expect(failureOf(error)).toEqual({
    title: 'The engine stopped',
    detail: 'model memory is exhausted',
    remedy: 'restart-engine'
  })
})

test('a model that is not here, or whose files are not, can be exchanged for others', async () => {
  const index = bytes('{"models":[{"id":"half","reports":[]}]}')
  const host = createMemoryHost(new Map([['index.json', index]]))
  const reading = (host: MemoryHost, id: string) => readModels(host, [id]).catch(failureOf)
  expect(await reading(host, 'nothing')).toMatchObject({ remedy: 'choose-models' })
  expect(await reading(createMemoryHost(), 'half')).toMatchObject({ remedy: 'choose-models' })
  expect(await reading(host, 'half')).toEqual({
    title: 'A model could not be opened',
    detail: "model 'half': models/half/config.json: expected a file, found none",
    remedy: 'choose-models'
  })
})

test('an engine that could not start says so', () => {
  expect(failureOf(new EngineStartError('no memory')).title).toBe('The engine could not be started')
})
