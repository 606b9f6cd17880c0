import { type Allocation, type ChinchillaFit, chinchillaLoss, chinchillaRegion, hoffmannExact } from './chinchilla'
import { defineLaw } from './law'

/** FLOPs of a model's life: 6 N D of training and 2 N of each token that it reads or writes afterwards. */
export function lifetimeFlops({ parameters, tokens }: Allocation, inferenceTokens: number): number {
  return 6 * parameters * tokens + 2 * parameters * inferenceTokens
}

/**
 * The size and training tokens of least lifetime FLOPs among all that reach a loss (Sardana et al. 2023, equation 3).
 *
 * With u = A / N^alpha, what size leaves of the loss above E, and D(u) = (B / (L - E - u))^(1/beta), the derivative of
 * the logarithm of the FLOPs is 1 - D / (D + I/3) alpha u / (beta (L - E - u)), which falls in u from 1 without end: it
 * has one root, found by halving. For I = 0 the root is the compute optimum, u / (L - E - u) = beta / alpha.
 *
 * Undefined for a loss that no size reaches, which is E or less.
 */
export function inferenceOptimal(fit: ChinchillaFit, loss: number, inferenceTokens: number): Allocation | undefined {
  const { E, A, B, alpha, beta } = fit
  const above = loss - E
  if (!(above > 0)) return undefined
  const tokensAt = (share: number) => (B / (above * (1 - share))) ** (1 / beta)
  let [low, high] = [0, 1]
  for (let halvings = 0; halvings < 200; halvings++) {
    const share = (low + high) / 2
    const tokens = tokensAt(share)
    const ofTraining = tokens / (tokens + inferenceTokens / 3)
    if ((ofTraining * alpha * share) / (beta * (1 - share)) < 1) low = share
    else high = share
  }
  return { parameters: (A / (above * low)) ** (1 / alpha), tokens: tokensAt(low) }
}

/** Sardana et al. 2023, on the Chinchilla fit with all digits. */
export const inferenceAwareLaw = defineLaw({
  id: 'sardana2023',
  name: 'inference-aware',
  formula: 'least 6 N D + 2 N I with L(N, D) = the loss to be reached',
  source: 'Sardana et al. 2023 (arXiv 2401.00448), equation 3, on the fit hoffmann2022-tex',
  provenance: 'secondary',
  note: 'the loss to be reached is that of the parameters and tokens given, where none is named',
  approximate: true,
  counts: 'all parameters of a dense model',
  takes: [
    ['parameters', 'tokens', 'inferenceTokens'],
    ['loss', 'inferenceTokens']
  ],
  gives: ['loss', 'optimalParameters', 'optimalTokens', 'tokensPerParameter', 'lifetimeFlops', 'optimalLifetimeFlops'],
  region: chinchillaRegion,
  compute: ({ parameters, tokens, loss: wanted, inferenceTokens = Number.NaN }) => {
    const asked = parameters !== undefined && tokens !== undefined ? { parameters, tokens } : undefined
    const loss = wanted ?? (asked ? chinchillaLoss(hoffmannExact, asked) : Number.NaN)
    const optimum = inferenceOptimal(hoffmannExact, loss, inferenceTokens)
    if (!optimum) {
      throw new RangeError(`sardana2023: expected a loss above ${hoffmannExact.E.toFixed(3)} nats, found ${loss}`)
    }
    return {
      loss,
      ...(asked && wanted === undefined && { lifetimeFlops: lifetimeFlops(asked, inferenceTokens) }),
      optimalParameters: optimum.parameters,
      optimalTokens: optimum.tokens,
      tokensPerParameter: optimum.tokens / optimum.parameters,
      optimalLifetimeFlops: lifetimeFlops(optimum, inferenceTokens)
    }
  }
})
