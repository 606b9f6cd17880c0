import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRace } from '@core/generate/race'
import type { GenerationSettings } from '@core/generate/records'
import type { ExpertsOff } from '@core/model/intervention'
import { createOnnxRuntimeBackend } from '@core/runtime/onnx-runtime'
import * as native from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { type Contestants, createContestants } from './contestants'
import type { ModelSource } from './protocol'

const backend = createOnnxRuntimeBackend(native, { name: 'native', threads: 1 })

function sourceOf(id: string): ModelSource {
  const read = (name: string) => new Uint8Array(readFileSync(join('assets', 'models', id, name)))
  return {
    id,
    files: { config: read('config.json'), weights: read('model.safetensors'), tokenizer: read('tokenizer.json') }
  }
}

const settings: GenerationSettings = { prompt: 'lucia lives in ', tokens: 20, seed: 7, temperature: 0.7, topP: 1 }

/** The text of each side, with these of its experts off. */
async function textsOf(contestants: Contestants, off: readonly (readonly ExpertsOff[])[] = []): Promise<string[]> {
  const racers = []
  for (const side of contestants.decoders.keys()) racers.push(await contestants.without(side, off[side] ?? []))
  const race = createRace(racers, settings)
  const texts = racers.map(() => '')
  for (let turn = await race.turn(); turn; turn = await race.turn()) {
    texts[turn.contestant] += turn.records.map(({ text }) => text).join('')
  }
  return texts
}

test('one model on both sides writes twice what it writes alone, with experts off, too', async () => {
  const moe = sourceOf('moe-32')
  const [alone, both] = [createContestants(() => backend), createContestants(() => backend)]
  await alone.load([moe])
  expect(await both.load([moe, moe])).toEqual([])
  const [text] = await textsOf(alone)
  expect(await textsOf(both)).toEqual([text, text])
  const off: ExpertsOff[] = [
    { kind: 'mask', layer: 0, experts: [1] },
    { kind: 'skip-moe', layer: 1 }
  ]
  const [changed] = await textsOf(alone, [off])
  expect(changed).not.toBe(text)
  expect(await textsOf(both, [off, off])).toEqual([changed, changed])
  // On again, and on one side alone.
  expect(await textsOf(both, [[], off])).toEqual([text, changed])
  expect(await textsOf(both, [[{ kind: 'skip-moe', layer: 0 }], []])).not.toEqual([text, text])
  expect(await textsOf(both)).toEqual([text, text])
  await Promise.all([alone.load([]), both.load([])])
})

test('a model that stays is not loaded again, one that goes is named once, and sides can be swapped', async () => {
  const [dense, moe] = [sourceOf('dense-24'), sourceOf('moe-32')]
  const contestants = createContestants(() => backend)
  await contestants.load([dense, moe])
  const [first, second] = contestants.decoders
  expect(await contestants.load([moe, dense])).toEqual([])
  expect(contestants.decoders).toEqual([second, first])
  expect(contestants.decoders[0]).toBe(second)
  await contestants.load([dense, dense])
  expect(contestants.decoders[0]).toBe(first)
  expect(contestants.decoders[1]).not.toBe(first)
  expect(await contestants.load([moe, moe])).toEqual(['dense-24'])
  await contestants.load([])
})
