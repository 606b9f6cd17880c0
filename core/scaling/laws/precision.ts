import { defineLaw } from './law'

/** Bits during training; what is left out is taken as exact. */
export interface TrainingBits {
  readonly weights?: number | undefined
  readonly activations?: number | undefined
  readonly cache?: number | undefined
}

/** Bits after which 1 - 1/e of the parameters' worth is there. Not verified against the paper. */
export const precisionScale = { weights: 2.6745, activations: 2.2102, cache: 0.9578 } as const

/**
 * Size of the model in full precision that is as good as one trained in few bits: N times the product of
 * 1 - exp(-bits / gamma) over weights, activations and KV cache (Kumar et al. 2024, equation 3).
 */
export function precisionEffectiveParameters(parameters: number, bits: TrainingBits): number {
  const share = (value: number | undefined, scale: number) => (value === undefined ? 1 : 1 - Math.exp(-value / scale))
  return (
    parameters *
    share(bits.weights, precisionScale.weights) *
    share(bits.activations, precisionScale.activations) *
    share(bits.cache, precisionScale.cache)
  )
}

const bits = { low: 3, high: 16 }

/** Kumar et al. 2024. */
export const precisionLaw = defineLaw({
  id: 'kumar2024',
  name: 'precision',
  formula: 'N_eff = N (1 - exp(-P_w/2.67)) (1 - exp(-P_a/2.21)) (1 - exp(-P_kv/0.96))',
  source: 'Kumar et al. 2024 (arXiv 2411.04330), equation 3; constants not verified',
  provenance: 'secondary',
  note: 'constants not verified; for training in few bits, not for rounding afterwards',
  approximate: true,
  counts: 'parameters of a dense model without embeddings',
  takes: [
    ['parameters', 'weightBits'],
    ['parameters', 'activationBits'],
    ['parameters', 'cacheBits']
  ],
  gives: ['effectiveParameters'],
  region: {
    ranges: { parameters: { low: 30e6, high: 220e6 }, weightBits: bits, activationBits: bits, cacheBits: bits },
    source:
      'Kumar et al. 2024: 465 runs of 30 to 220 million parameters at 3 to 16 bits; checked there up to 1.7 billion'
  },
  compute: ({ parameters = Number.NaN, weightBits, activationBits, cacheBits }) => ({
    effectiveParameters: precisionEffectiveParameters(parameters, {
      weights: weightBits,
      activations: activationBits,
      cache: cacheBits
    })
  })
})
