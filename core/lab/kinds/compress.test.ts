import { expect, test } from 'vitest'
import type { Compression } from '../../compress/measure'
import { measureCompression } from '../../compress/measure'
import { FormatError } from '../../formats/format-error'
import { clearWeights } from '../../model/models.fixture'
import { openModel } from '../../model/runnable-model'
import type { RunStore } from '../store'
import { readCompression } from './compress'
import { backend, createSmallLab, modelOf, smallMoe } from './lab.fixture'

const small = await modelOf('small', smallMoe, clearWeights(smallMoe))
const chains = [
  [{ id: 'rtn', bits: 8, block: 16 }],
  [{ id: 'magnitude', share: 0.5 }],
  [{ id: 'experts', keep: 1000 }],
  [
    { id: 'magnitude', share: 0.5 },
    { id: 'rtn', bits: 2, block: 16 }
  ]
]
const options = { chains, characters: 3000, calibration: 2000, seed: 7 }
const spec = { model: small.model, ...options }

async function kept(store: RunStore) {
  return readCompression((await store.files('run').read('compression.json')) ?? new Uint8Array())
}

test('the result is that of the measurement, with a word that it is whole', async () => {
  const { store, compute } = createSmallLab([small])
  await compute('compress', spec)
  const expected = await measureCompression(backend, await openModel('small', small.files), options)
  expect(await kept(store)).toEqual({ format: 'moescope.compression/1', model: 'small', ...expected, whole: true })
})

test('fewer bits are fewer bytes, and a chain that the model does not admit leaves the others', async () => {
  const { before, points } = await measureCompression(backend, await openModel('small', small.files), options)
  const [eight, half, refused, both] = points
  expect(refused).toEqual({ chain: chains[2], refused: expect.stringMatching(/keep=1000 is more$/) })
  const bytes = [before, eight, half, both].map((point) => (point && 'bytes' in point ? point.bytes : Number.NaN))
  const [all = 0, ofEight = 0, ofHalf = 0, ofBoth = 0] = bytes
  expect(ofEight).toBeLessThan(all)
  expect(ofHalf).toBeLessThan(all)
  expect(ofBoth).toBeLessThan(Math.min(ofEight, ofHalf))
  if (!eight || !both || 'refused' in eight || 'refused' in both) throw new Error('expected two points')
  expect(Math.abs(eight.delta)).toBeLessThan(Math.abs(both.delta))
  expect(eight.loss - eight.delta).toBeCloseTo(before.loss, 9)
})

test('cancelled, it says that it is not whole, and it goes on with the points that are missing', async () => {
  const whole = createSmallLab([small])
  await whole.compute('compress', spec)
  const { store, compute, events } = createSmallLab([small])
  const cancelled = compute('compress', spec, (event, execution) => {
    if ((event as Compression).points.length === 2) execution.cancel()
  })
  await expect(cancelled).rejects.toThrow('cancelled')
  const part = await kept(store)
  expect([part.whole, part.points.length]).toEqual([false, 2])
  events.length = 0
  await compute('compress', spec)
  expect((events as Compression[]).map(({ points }) => points.length)).toEqual([2, 3, 4])
  expect(await kept(store)).toEqual(await kept(whole.store))
})

test('every point is kept before the next is measured: a kill costs no more than one', async () => {
  const { store, compute } = createSmallLab([small])
  const keptBefore: Promise<number>[] = []
  await compute('compress', spec, () =>
    keptBefore.push(
      kept(store).then(
        ({ points }) => points.length,
        () => -1
      )
    )
  )
  expect(await Promise.all(keptBefore)).toEqual([-1, 0, 1, 2, 3])
})

test('a damaged result is told by its name', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  expect(() => readCompression(bytes('{'))).toThrow(FormatError)
  expect(() => readCompression(bytes('{}'))).toThrow(/^compression\.json: format: .*moescope\.compression\/1/)
})
