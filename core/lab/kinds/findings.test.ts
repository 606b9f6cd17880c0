/** Runs that look at what transforms make of a model. */
import { expect, test } from 'vitest'
import { compress } from '../../compress'
import { createCalibration } from '../../compress/calibration'
import { likenessOf } from '../../compress/likeness'
import { measureSensitivity } from '../../compress/sensitivity'
import { storedModelOf } from '../../compress/stored-model'
import { FormatError } from '../../formats/format-error'
import { createDecoder } from '../../generate/decoder'
import { createRace } from '../../generate/race'
import { clearWeights } from '../../model/models.fixture'
import { openModel } from '../../model/runnable-model'
import type { RunStore } from '../store'
import { readFinding, type SensitivityFinding, type SpeedFinding, type TextFinding } from './findings'
import { backend, createSmallLab, modelOf, smallMoe } from './lab.fixture'

const small = await modelOf('small', smallMoe, clearWeights(smallMoe))
const calibrated = { calibration: 2000, seed: 7 }
const two = [{ id: 'rtn', bits: 2, block: 16 }]

async function found(store: RunStore) {
  return readFinding((await store.files('run').read('finding.json')) ?? new Uint8Array())
}

test('speed: the model and each smaller one are measured, told one after the other, and not measured again', async () => {
  const { store, compute, events, loaded } = createSmallLab([small])
  const chains = [two, [{ id: 'layers', drop: 1, by: 'last' }]]
  const spec = { on: { backend: 'native', threads: 1 }, model: small.model, chains, ...calibrated }
  await compute('compress-speed', spec)
  const finding = (await found(store)) as SpeedFinding
  expect(finding.points.map(({ chain }) => chain)).toEqual(chains)
  expect(finding.machine).toBe('this one')
  for (const { before, after } of finding.points) {
    for (const { low, median, high } of [before, after]) {
      expect(low).toBeGreaterThan(0)
      expect(median).toBeGreaterThanOrEqual(low)
      expect(high).toBeGreaterThanOrEqual(median)
    }
  }
  expect((events as SpeedFinding[]).map(({ points }) => points.length)).toEqual([1, 2])
  expect(events.at(-1)).toEqual(finding)
  const graphs = loaded()
  await compute('compress-speed', spec)
  expect(loaded()).toBe(graphs)
  const other = { ...spec, on: { backend: 'webgpu', threads: 1 } }
  await expect(createSmallLab([small]).compute('compress-speed', other)).rejects.toThrow('was to be measured')
})

test('text: both are what each model alone writes after the prompt with this seed', async () => {
  const { store, compute } = createSmallLab([small])
  const settings = { prompt: 'bogo lives in ', tokens: 40, seed: 3, temperature: 0.7, topP: 1 }
  await compute('compress-text', { model: small.model, chain: two, ...calibrated, settings })
  const finding = (await found(store)) as TextFinding
  const model = await openModel('small', small.files)
  const text = createCalibration(backend, model, { characters: 2000, seed: 7 })
  const smaller = { ...model, ...(await compress(storedModelOf(model), two, text)) }
  for (const [each, written] of [
    [model, finding.before],
    [smaller, finding.after]
  ] as const) {
    const decoder = await createDecoder(backend, each)
    const race = createRace([decoder], settings)
    const alone: string[] = []
    for (let turn = await race.turn(); turn; turn = await race.turn()) {
      alone.push(...turn.records.filter(({ source }) => source === 'generated').map((record) => record.text))
    }
    await decoder.release()
    expect(written).toEqual(alone)
    expect(written.length).toBeGreaterThanOrEqual(39)
  }
  expect(finding.before).not.toEqual(finding.after)
})

test('sensitivity: cancelled, it goes on with the parts that are missing', async () => {
  const { store, compute, events } = createSmallLab([small])
  const spec = { model: small.model, transform: two[0], characters: 2000, ...calibrated }
  const cancelled = compute('sensitivity', spec, (event, execution) => {
    if ((event as SensitivityFinding).parts.length === 3) execution.cancel()
  })
  await expect(cancelled).rejects.toThrow('cancelled')
  const part = (await found(store)) as SensitivityFinding
  expect([part.whole, part.parts.length]).toEqual([false, 3])
  events.length = 0
  await compute('sensitivity', spec)
  expect((events[0] as SensitivityFinding).parts).toHaveLength(3)
  const expected = await measureSensitivity(backend, await openModel('small', small.files), {
    transform: { id: 'rtn', bits: 2, block: 16 },
    characters: 2000,
    ...calibrated
  })
  expect(await found(store)).toEqual({ format: 'moescope.sensitivity/1', ...expected, whole: true })
})

test('likeness: kept as it was computed', async () => {
  const { store, compute } = createSmallLab([small])
  await compute('likeness', { model: small.model, keep: 2, ...calibrated })
  const model = await openModel('small', small.files)
  const text = createCalibration(backend, model, { characters: 2000, seed: 7 })
  const expected = await likenessOf(storedModelOf(model), text, 2)
  expect(await found(store)).toEqual({ format: 'moescope.likeness/1', ...expected })
})

test('a damaged finding is told by its name', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  expect(() => readFinding(bytes('{'))).toThrow(FormatError)
  expect(() => readFinding(bytes('{"format":"moescope.compress-text/1"}'))).toThrow(/^finding\.json: before: /)
})
