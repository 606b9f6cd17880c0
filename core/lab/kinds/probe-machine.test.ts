import { expect, test } from 'vitest'
import { FormatError } from '../../formats/format-error'
import { createSmallLab } from './lab.fixture'
import { readMachine } from './probe-machine'

const spec = { on: { backend: 'native', threads: 1 } }

test('a machine is measured once', async () => {
  const lab = createSmallLab()
  await lab.compute('probe-machine', spec)
  const bytes = (await lab.store.files('run').read('machine.json')) ?? new Uint8Array()
  const { gflops, readRates, machine } = readMachine(bytes)
  expect(machine).toBe('this one')
  expect(gflops).toBeGreaterThan(0)
  // Sizes in megabytes, smallest first; on a busy machine the smallest may not be known.
  expect([1, 4, 16, 64]).toEqual(expect.arrayContaining(readRates.map((rate) => rate.bytes / 2 ** 20)))
  const loaded = lab.loaded()
  await lab.compute('probe-machine', spec)
  expect(lab.loaded()).toBe(loaded)
})

test('a damaged result is told by its name', () => {
  expect(() => readMachine(new TextEncoder().encode('[]'))).toThrow(FormatError)
  expect(() => readMachine(new TextEncoder().encode('[]'))).toThrow(/^machine\.json: /)
})
