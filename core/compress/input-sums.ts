import type { Expression } from '../graph/expression'
import { floats } from '../runtime/backend'
import type { Calibration } from './calibration'
import type { Matrix } from './matrices'
import { observe } from './observation'
import type { StoredModel } from './stored-model'

/**
 * Sums over the calibration text of something of the inputs of linear layers, by parameter.
 * @param of what it is, of inputs `[rows, inputs]`; as many numbers for any number of rows
 */
export async function inputSums(
  model: StoredModel,
  matrices: readonly Matrix[],
  calibration: Calibration,
  of: (input: Expression) => Expression
): Promise<ReadonlyMap<string, Float64Array>> {
  const names = [...new Set(matrices.map(({ parameter }) => parameter))]
  const sums = new Map<string, Float64Array>()
  const places = new Map<string, string>()
  await observe(
    model,
    calibration,
    ({ linear }) => {
      const outputs = names.flatMap((name) =>
        (linear.get(name) ?? []).map(({ input }, i) => {
          places.set(`${name} ${i}`, name)
          return [`${name} ${i}`, of(input)] as const
        })
      )
      return Object.fromEntries(outputs)
    },
    (outputs) => {
      for (const [output, name] of places) {
        const found = floats(outputs, output)
        const sum = sums.get(name) ?? new Float64Array(found.length)
        for (const [i, each] of found.entries()) sum[i] = (sum[i] ?? Number.NaN) + each
        sums.set(name, sum)
      }
    }
  )
  return sums
}
