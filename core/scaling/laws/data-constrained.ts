import { type Allocation, type ChinchillaFit, chinchillaLoss, optimalParametersFor } from './chinchilla'
import { defineLaw } from './law'

/** Constants of the base form: Muennighoff et al. 2023, appendix A; huggingface/datablations. */
export const dataConstrainedFit: ChinchillaFit = {
  E: Math.exp(0.6254804),
  A: Math.exp(6.255414),
  B: Math.exp(7.3049974),
  alpha: 0.3526596,
  beta: 0.3526596
}

/**
 * Repetitions of tokens, and of parameters beyond those that the tokens deserve, that keep 1 - 1/e of their value.
 */
export const repetitionScale = { tokens: 15.387756, parameters: 5.309743 } as const

/**
 * Effective parameters and tokens when only `uniqueTokens` of the tokens are different (Muennighoff et al. 2023,
 * equations 5 and 6): D' = U + U R_D* (1 - exp(-R_D / R_D*)) with R_D = D / U - 1 repetitions, and N' alike with the
 * size that is compute-optimal for U tokens in place of U. Without repetition both are what they are.
 */
export function effectiveAllocation({ parameters, tokens }: Allocation, uniqueTokens: number): Allocation {
  const unique = Math.min(uniqueTokens, tokens)
  const deserved = Math.min(parameters, optimalParametersFor(dataConstrainedFit, unique))
  return {
    parameters: diminished(parameters, deserved, repetitionScale.parameters),
    tokens: diminished(tokens, unique, repetitionScale.tokens)
  }
}

/** Loss after `tokens`, of which `uniqueTokens` are different, in nats per token. */
export function dataConstrainedLoss(allocation: Allocation, uniqueTokens: number): number {
  return chinchillaLoss(dataConstrainedFit, effectiveAllocation(allocation, uniqueTokens))
}

/** Muennighoff et al. 2023. */
export const dataConstrainedLaw = defineLaw({
  id: 'muennighoff2023',
  name: 'data-constrained',
  formula: "L = E + A / N'^alpha + B / D'^beta; D' = U + 15.4 U (1 - exp(-(D/U - 1) / 15.4)), N' alike",
  source: 'Muennighoff et al. 2023 (arXiv 2305.16264), equations 5 and 6; huggingface/datablations README',
  provenance: 'seen',
  note: 'without the number of different tokens, none is repeated',
  approximate: false,
  counts: 'all parameters of a dense model',
  takes: [
    ['parameters', 'tokens'],
    ['parameters', 'tokens', 'uniqueTokens']
  ],
  gives: ['loss', 'effectiveParameters', 'effectiveTokens'],
  region: {
    ranges: {
      parameters: { low: null, high: 9e9 },
      tokens: { low: null, high: 900e9 },
      uniqueTokens: { low: 100e6, high: null }
    },
    source:
      'Muennighoff et al. 2023, abstract: up to 9 billion parameters and 900 billion tokens; section 5: from 100 ' +
      'million different tokens; the other ends are not known here'
  },
  compute: ({ parameters = Number.NaN, tokens = Number.NaN, uniqueTokens = tokens }) => {
    const effective = effectiveAllocation({ parameters, tokens }, uniqueTokens)
    return {
      loss: chinchillaLoss(dataConstrainedFit, effective),
      effectiveParameters: effective.parameters,
      effectiveTokens: effective.tokens
    }
  }
})

function diminished(amount: number, base: number, scale: number): number {
  const repetitions = amount / base - 1
  return base * (1 + scale * (1 - Math.exp(-repetitions / scale)))
}
