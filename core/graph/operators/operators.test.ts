import { expect, test } from 'vitest'
import { evaluate } from '../evaluate'
import { gradients } from '../gradient'
import type { Values } from '../tensor'
import { operatorCases } from './cases'
import { lossOf } from './cases/case'
import * as operators from './index'

const cases = Object.entries(operatorCases).flatMap(([operator, list]) =>
  list.map((each) => ({ ...each, name: `${operator}: ${each.name}` }))
)

test('every function that applies an operator has a case', () => {
  const functions = Object.entries(operators).flatMap(([name, each]) => (typeof each === 'function' ? [name] : []))
  expect(Object.keys(operatorCases).sort()).toEqual(functions.sort())
  expect(Object.values(operatorCases).every((list) => list.length > 0)).toBe(true)
})

test.each(cases)('$name: the inferred type is that of the computed value', ({ outputs, inputs }) => {
  const computed = evaluate(outputs, inputs)
  outputs.forEach(({ type, shape }, i) => {
    expect(computed[i]?.type).toBe(type)
    expect(computed[i]?.shape).toEqual(
      shape.map((each, axis) => (typeof each === 'number' ? each : computed[i]?.shape[axis]))
    )
    expect(computed[i]?.data).toHaveLength(computed[i]?.shape.reduce((a, b) => a * b, 1) ?? -1)
  })
})

test.each(cases.filter((each) => each.sources.length > 0))('$name: gradients against central differences', (each) => {
  const loss = lossOf(each)
  const names = each.sources.map(({ node }) => (node.kind === 'input' ? node.name : ''))
  const lossAt = (inputs: Readonly<Record<string, Values>>) => evaluate([loss], inputs)[0]?.data[0] ?? Number.NaN
  evaluate(gradients(loss, each.sources), each.inputs).forEach((gradient, source) => {
    const name = names[source] ?? ''
    const { data, ...type } = each.inputs[name] as Values
    const differences = data.map((_, i) => {
      const [above, below] = [step, -step].map((by) =>
        lossAt({ ...each.inputs, [name]: { ...type, data: data.with(i, (data[i] ?? 0) + by) } })
      )
      return ((above ?? 0) - (below ?? 0)) / (2 * step)
    })
    const largest = differences.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3)
    differences.forEach((value, i) =>
      expect(Math.abs((gradient.data[i] ?? Number.NaN) - value)).toBeLessThan(1e-6 * largest)
    )
  })
})

/** Of central differences: their error is about step^2, and 1e-16 / step from rounding. */
const step = 1e-5
