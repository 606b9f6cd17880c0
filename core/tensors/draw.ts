/** Initial values of parameters, drawn by their shape. */
import type { Random } from '../random'

/** For a parameter of a shape, `[inputs, outputs]` for a matrix, what gives one value after the other, row by row. */
export type Draw = (shape: readonly number[]) => (random: Random) => number

/** For norms. */
export const ones: Draw = () => () => 1

/** For biases. */
export const zeros: Draw = () => () => 0

/** Normal with a standard deviation. */
export function normal(deviation: number): Draw {
  return () => (random) => random.normal() * deviation
}

/** For an embedding `[vocabulary, d]`: normal with standard deviation `0.5 / sqrt(d)`. */
export const embedding: Draw =
  ([, width = 1]) =>
  (random) =>
    (random.normal() * 0.5) / Math.sqrt(width)

/** Uniform in `±scale / sqrt(inputs)`. */
export function uniform(scale = 1): Draw {
  return ([inputs = 1]) => {
    const bound = scale / Math.sqrt(inputs)
    return (random) => (random.uniform() * 2 - 1) * bound
  }
}
