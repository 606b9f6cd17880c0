import { multiply, sum } from '../graph/operators'
import type { Calibration } from './calibration'
import { inputSums } from './input-sums'
import { linearMatrices } from './matrices'
import { prune, pruneSaves, pruneSettings, shareSweep } from './prune'
import type { StoredModel } from './stored-model'
import { defineTransform } from './transform'

/**
 * `|W[i, j]| norm(x_j)`: weights times the norm of their input over the calibration text, compared among the inputs of
 * each output.
 */
export const wanda = defineTransform({
  id: 'wanda',
  name: 'Wanda',
  papers: [{ arxiv: '2306.11695', place: 'section 3, equation 1' }],
  saves: pruneSaves,
  settings: pruneSettings,
  sweep: shareSweep,
  baseline: { id: 'random' },
  apply: async (model, settings, calibration) => {
    const norms = await inputNorms(model, calibration)
    return prune(
      model,
      settings,
      ({ parameter, values, at }) => {
        const own = norms.get(parameter)
        return (output, input) => Math.abs(values[at(output, input)] ?? Number.NaN) * (own?.[input] ?? 1)
      },
      { byOutput: true }
    )
  }
})

/**
 * The Euclidean norm of each input of each linear layer over all tokens, by its parameter; none of an expert that no token
 * chose.
 */
export async function inputNorms(model: StoredModel, calibration: Calibration): Promise<Map<string, Float64Array>> {
  const matrices = linearMatrices(model, model.parameters)
  const squares = await inputSums(model, matrices, calibration, (input) => sum(multiply(input, input), [0]))
  const chosen = [...squares].filter(([, own]) => own.some((each) => each > 0))
  return new Map(chosen.map(([name, own]) => [name, own.map(Math.sqrt)]))
}
