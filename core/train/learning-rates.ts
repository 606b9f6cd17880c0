/** Peak learning rates by width, the same for dense and MoE. */
const learningRates: Readonly<Record<number, number>> = {
  24: 1e-2,
  32: 1e-2,
  48: 7e-3,
  64: 5e-3,
  96: 4e-3,
  128: 3e-3,
  152: 2.5e-3,
  192: 2e-3
}

/** The learning rate of the nearest width that the shipped family has, by ratio. */
export function usualLearningRate(width: number): number {
  const distance = (known: string) => Math.abs(Math.log(Number(known) / width))
  const [nearest] = Object.entries(learningRates).sort(([a], [b]) => distance(a) - distance(b))
  if (!nearest) throw new Error('no learning rate is known')
  return nearest[1]
}
