import { corpusSpecSchema, inEdition } from '@core/formats/training-report'
import type { StepRecord } from '@core/generate/records'
import type { RunRecord } from '@core/generate/run-record'
import { expect, test } from 'vitest'
import { createApp } from '../app/create-app'
import { createMemoryHost } from '../host/memory'
import type { LibraryModel } from '../state/library'
import { openRun, recordOf } from './run-file'

const step = (position: number, source: StepRecord['source']): StepRecord => ({
  position,
  token: 1,
  text: 'a',
  source,
  routing: [],
  next: { token: 1, text: 'a', logprob: -1, candidates: [] }
})

function record(left: string, right: string): RunRecord {
  const steps = [step(0, 'prompt'), step(1, 'prompt'), step(2, 'generated'), step(3, 'generated'), step(4, 'generated')]
  return {
    format: 'moescope.run/1',
    settings: { prompt: 'n', tokens: 3, seed: 2, temperature: 1, topP: 0.9 },
    backend: 'wasm',
    threads: 1,
    models: [left, right].map((id) => ({ id, steps }))
  }
}

test.each([
  ['dense-64', 'moe-64', 'equal-active'],
  ['dense-152', 'moe-64', 'equal-total'],
  ['moe-64', 'dense-152', 'free'],
  ['dense-24', 'moe-32', 'free']
])('the record of %s and %s brings back its view, its question (%s) and its text', (left, right, pair) => {
  const app = createApp(createMemoryHost())
  app.choose({ view: 'scaling' })
  const models = [left, right].map((id) => ({ id }) as LibraryModel)
  app.store.setState({ library: { models, damaged: [] } })
  const replay = record(left, right)
  openRun(app, JSON.stringify(replay))
  expect(app.store.getState().choices).toMatchObject({ view: 'compare', pair, left, right, prompt: 'n', shown: 3 })
  expect(app.store.getState().replay).toEqual(replay)
})

const first = corpusSpecSchema.parse({})

test.each([
  ['of before there were editions, as its models are', undefined, first, /^$/],
  ['of before there were editions, whose models are new', undefined, inEdition(first, 2), /an earlier corpus/],
  ['that names its world, as its models do', inEdition(first, 2).world, inEdition(first, 2), /^$/],
  ['of another world than its models', first.world, inEdition(first, 2), /an earlier corpus/]
])('a run %s says so', (_, world, corpus, remark) => {
  const app = createApp(createMemoryHost())
  const models = ['dense-64', 'moe-64'].map((id) => ({ id, corpus }) as LibraryModel)
  app.store.setState({ library: { models, damaged: [] } })
  const replay = record('dense-64', 'moe-64')
  const recorded = { ...replay, models: replay.models.map((model) => ({ ...model, ...(world && { world }) })) }
  expect(openRun(app, JSON.stringify(recorded))).toMatch(remark)
  // Saved again it keeps the world of its recording, not that of the models of today.
  expect(recordOf(app.store.getState()).models.map((model) => model.world)).toEqual([world, world])
})
