/**
 * Peak learning rates by width, the same for dense and MoE. Half and twice as much were tried over all 8 M characters
 * with one seed, dense at widths 32 to 128 and MoE at 32 and 64. Twice was worse everywhere, by .008 to .073 nats; half
 * was worse by .007 to .023 up to width 64, and better by less than the spread of seeds at 96 (.005) and 128 (.002).
 */
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
