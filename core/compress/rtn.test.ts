import { expect, test } from 'vitest'
import { parameterLayout } from '../model/parameters'
import { dense, moe, storedModel, transformed } from './compress.fixture'
import { linearMatrices } from './matrices'
import { storedBytes } from './stored-model'

test('each block of inputs of an output is rounded on its own', async () => {
  const model = storedModel(dense)
  const { parameters } = await transformed(model, { id: 'rtn', bits: 3, block: 16 })
  const before = linearMatrices(model, model.parameters)
  for (const [i, { values, inputs, outputs, at }] of linearMatrices(model, parameters).entries()) {
    for (let output = 0; output < outputs; output++) {
      for (let first = 0; first < inputs; first += 16) {
        const places = Array.from({ length: Math.min(16, inputs - first) }, (_, k) => at(output, first + k))
        const own = places.map((place) => before[i]?.values[place] ?? Number.NaN)
        const step = (Math.max(0, ...own) - Math.min(0, ...own)) / 7
        const codes = places.map((place) => (values[place] ?? Number.NaN) / step)
        // Whole multiples of the step, up to its rounding to half precision, the nearest ones, at most 2^3 of them.
        for (const [k, code] of codes.entries()) {
          expect(Math.abs(code - Math.round(code))).toBeLessThan(0.01)
          expect(Math.abs(code - (own[k] ?? Number.NaN) / step)).toBeLessThan(0.51)
        }
        expect(new Set(codes.map(Math.round)).size).toBeLessThanOrEqual(8)
      }
    }
  }
})

test('tables, norms and, where they are left out, routers stay as they are', async () => {
  const model = storedModel(moe)
  const changedParts = async (routers: boolean) => {
    const { parameters } = await transformed(model, { id: 'rtn', bits: 2, routers })
    const isChanged = ({ offset, size }: { offset: number; size: number }) =>
      parameters.subarray(offset, offset + size).some((each, i) => each !== model.parameters[offset + i])
    return new Set(parameterLayout(moe).parameters.flatMap((each) => (isChanged(each) ? [each.part] : [])))
  }
  const linear = ['qkv', 'attention_output', 'expert_gate_up', 'expert_down']
  expect(await changedParts(true)).toEqual(new Set([...linear, 'router']))
  expect(await changedParts(false)).toEqual(new Set(linear))
})

test('bytes: packed codes, scales in half precision and packed zero points; the rest float32', async () => {
  const model = storedModel(dense)
  expect(storedBytes(model)).toBe(4 * model.parameters.length)
  // By layer: qkv 16 x 48, output 16 x 16, gate and up 16 x 80 of 16 inputs each, down 40 inputs x 16.
  const [sixteen, forty] = [48 + 16 + 80, 16]
  const floats = model.parameters.length - 3 * (16 * sixteen + 40 * forty)
  const blocks = sixteen + 2 * forty
  const codes = (bits: number) => (sixteen * 16 * bits + forty * 40 * bits) / 8
  const asymmetric = await transformed(model, { id: 'rtn', bits: 4, block: 32 })
  expect(storedBytes(asymmetric)).toBe(4 * floats + 3 * (codes(4) + 2 * blocks + (4 * blocks) / 8))
  const symmetric = await transformed(model, { id: 'rtn', bits: 3, block: 32, symmetric: true })
  expect(storedBytes(symmetric)).toBe(4 * floats + 3 * (codes(3) + 2 * blocks))
})

test('the model that was given stays as it is, and a quantised one is refused', async () => {
  const model = storedModel(dense)
  const copy = model.parameters.slice()
  const once = await transformed(model, { id: 'rtn' })
  expect(model.parameters).toEqual(copy)
  await expect(transformed(once, { id: 'rtn', bits: 8 })).rejects.toThrow(
    "'layers.0.qkv' is quantised to 4 bits already"
  )
})
