import { expect, test } from 'vitest'
import { countParameters } from '../../arch/count/count'
import { speedShapes } from '../../bench/shapes'
import type { SpeedPoint } from '../../bench/speed-against-size'
import { FormatError } from '../../formats/format-error'
import { createSmallLab } from './lab.fixture'
import { readSpeeds } from './speed-against-size'

const spec = { on: { backend: 'native', threads: 1 }, widths: [16, 32], experts: 4, milliseconds: 1 }

test('a cancelled measurement goes on with the widths that are missing', async () => {
  const lab = createSmallLab()
  const cancelled = lab.compute('speed-against-size', spec, (event, execution) => {
    const { width, kind } = event as SpeedPoint
    if (width === 16 && kind === 'dense-total') execution.cancel()
  })
  await expect(cancelled).rejects.toThrow('cancelled')
  const read = async () =>
    readSpeeds((await lab.store.files('run').read('speed-against-size.json')) ?? new Uint8Array())
  const first = await read()
  expect(first.whole).toBe(false)
  await lab.compute('speed-against-size', spec)
  const { points, whole, machine } = await read()
  expect({ whole, machine }).toEqual({ whole: true, machine: 'this one' })
  expect(points.slice(0, 3)).toEqual(first.points)
  expect(points.map(({ width, kind }) => [width, kind])).toEqual(
    [16, 32].flatMap((width) => ['dense-active', 'moe', 'dense-total'].map((kind) => [width, kind]))
  )
  const { moe } = speedShapes({ width: 32, experts: 4, topK: 2 })
  expect(points[4]?.parameters.total).toBe(countParameters(moe).total)
  expect(lab.events).toEqual(points)
})

test('the speed of another backend is not passed off as what was asked for', async () => {
  const other = { ...spec, on: { backend: 'webgpu', threads: 1 } }
  await expect(createSmallLab().compute('speed-against-size', other)).rejects.toThrow(
    'the speed of webgpu with 1 threads was to be measured, but native with 1 is in use'
  )
})

test('a damaged result is told by its name', () => {
  expect(() => readSpeeds(new TextEncoder().encode('{}'))).toThrow(FormatError)
  expect(() => readSpeeds(new TextEncoder().encode('{}'))).toThrow(/^speed-against-size\.json: /)
})
