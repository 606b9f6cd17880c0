import { expect, test } from 'vitest'
import { writeConfig } from '../../arch/write-config'
import { FormatError } from '../../formats/format-error'
import { clearWeights } from '../../model/models.fixture'
import { readBench } from './bench-result'
import { createSmallLab, modelOf, smallMoe } from './lab.fixture'

const small = await modelOf('small', smallMoe, clearWeights(smallMoe))
const on = { backend: 'native', threads: 1 }

test.each([
  ['a model', { on, milliseconds: 1, model: small.model }],
  ['an architecture', { on, milliseconds: 1, architecture: writeConfig(smallMoe) }]
])('the speed of %s is measured once', async (_, spec) => {
  const lab = createSmallLab([small])
  await lab.compute('bench', spec)
  const content = (await lab.store.files('run').read('speed.json')) ?? new Uint8Array()
  const { decode, prefill, machine, context } = readBench(content)
  expect({ machine, context }).toEqual({ machine: 'this one', context: smallMoe.context })
  for (const { low, median, high, repeats } of [decode, prefill]) {
    expect(repeats).toBeGreaterThanOrEqual(3)
    expect([low, median, high]).toEqual([low, median, high].toSorted((a, b) => a - b))
  }
  const loaded = lab.loaded()
  await lab.compute('bench', spec)
  expect(lab.loaded()).toBe(loaded)
})

test('another engine is refused, and a damaged result told by its name', async () => {
  const elsewhere = { on: { backend: 'wasm', threads: 4 }, milliseconds: 1, model: small.model }
  await expect(createSmallLab([small]).compute('bench', elsewhere)).rejects.toThrow(/^the speed of wasm with 4 threads/)
  expect(() => readBench(new TextEncoder().encode('{}'))).toThrow(FormatError)
})
