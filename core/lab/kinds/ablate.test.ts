import { expect, test } from 'vitest'
import type { Ablation } from '../../evaluate/ablate'
import { ablate as measure } from '../../evaluate/ablate'
import { FormatError } from '../../formats/format-error'
import type { Intervention } from '../../model/intervention'
import { everyExpert } from '../../model/intervention'
import { clearWeights } from '../../model/models.fixture'
import { openModel } from '../../model/runnable-model'
import type { RunStore } from '../store'
import { readAblation } from './ablate'
import { backend, createSmallLab, modelOf, smallMoe } from './lab.fixture'

const small = await modelOf('small', smallMoe, clearWeights(smallMoe))
const interventions: Intervention[] = [
  { kind: 'random', gates: 'uniform' },
  { kind: 'force', expert: 1, tokens: [3, 4] },
  ...everyExpert(smallMoe).slice(0, 3)
]
const spec = { model: small.model, interventions, characters: 3000, seed: 7 }

async function kept(store: RunStore) {
  return readAblation((await store.files('run').read('ablation.json')) ?? new Uint8Array())
}

test('the result is that of the evaluation, with a word that it is whole', async () => {
  const { store, compute } = createSmallLab([small])
  await compute('ablate', spec)
  const expected = await measure(backend, await openModel('small', small.files), {
    interventions,
    tokens: 3000,
    seed: 7
  })
  expect(await kept(store)).toEqual({ format: 'moescope.ablation/1', model: 'small', ...expected, whole: true })
})

test('cancelled, it says that it is not whole; it goes on with the rows that are missing, and whole it stays', async () => {
  const whole = createSmallLab([small])
  await whole.compute('ablate', spec)
  const { store, compute, events, loaded } = createSmallLab([small])
  const cancelled = compute('ablate', spec, (event, execution) => {
    if ((event as Ablation).rows.length === 2) execution.cancel()
  })
  await expect(cancelled).rejects.toThrow('cancelled')
  const part = await kept(store)
  expect(part.whole).toBe(false)
  expect(part.rows.map(({ intervention }) => intervention)).toEqual(interventions.slice(0, 2))
  events.length = 0
  await compute('ablate', spec)
  expect((events as Ablation[]).map(({ rows }) => rows.length)).toEqual([2, 3, 4, 5])
  expect(await kept(store)).toEqual(await kept(whole.store))
  const before = loaded()
  await compute('ablate', spec)
  expect(loaded()).toBe(before)
})

test('a damaged result is told by its name', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  expect(() => readAblation(bytes('{"format": "moescope.ablation/1"'))).toThrow(FormatError)
  expect(() => readAblation(bytes('{"format": "moescope.ablation/1"'))).toThrow(/^ablation\.json is not JSON/)
  expect(() => readAblation(bytes('{}'))).toThrow(/^ablation\.json: format: .*moescope\.ablation\/1/)
})
