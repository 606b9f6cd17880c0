import { defineLaw, type Law, type Region } from './law'

/** Constants of L(N, D) = E + A / N^alpha + B / D^beta, N parameters, D tokens, nats per token. */
export interface ChinchillaFit {
  readonly E: number
  readonly A: number
  readonly B: number
  readonly alpha: number
  readonly beta: number
}

/** A size and a number of tokens that go together. */
export interface Allocation {
  readonly parameters: number
  readonly tokens: number
}

/** Hoffmann et al. 2022, approach 3 as printed (equation 10): rounded to two digits. */
export const hoffmannRounded: ChinchillaFit = { E: 1.69, A: 406.4, B: 410.7, alpha: 0.34, beta: 0.28 }

/** The same fit with the digits that stand in the TeX source of the paper. */
export const hoffmannExact: ChinchillaFit = {
  E: Math.exp(0.5267228),
  A: Math.exp(6.0073404),
  B: Math.exp(6.0179186),
  alpha: 0.33917084,
  beta: 0.2849083
}

/** Besiroglu et al. 2024, a new fit to the points of the paper's figure 4. */
export const besiroglu: ChinchillaFit = { E: 1.81686, A: 482.006, B: 2085.43, alpha: 0.34781, beta: 0.36585 }

/** Standard errors of `besiroglu`, by bootstrap (the paper's table 1). */
export const besirogluErrors: ChinchillaFit = { E: 0.0257, A: 124.5, B: 1293.3, alpha: 0.0154, beta: 0.0206 }

/** Loss of a model of so many parameters after so many tokens, in nats per token. */
export function chinchillaLoss({ E, A, B, alpha, beta }: ChinchillaFit, { parameters, tokens }: Allocation): number {
  return E + A / parameters ** alpha + B / tokens ** beta
}

/**
 * The size and tokens of smallest loss for a training compute C = 6 N D (Hoffmann et al. 2022, equation 4):
 * N = G (C/6)^(beta/(alpha+beta)), D = (C/6)^(alpha/(alpha+beta)) / G, G = (alpha A / (beta B))^(1/(alpha+beta)).
 */
export function computeOptimal(fit: ChinchillaFit, flops: number): Allocation {
  const { alpha, beta } = fit
  const G = optimalRatio(fit)
  return {
    parameters: G * (flops / 6) ** (beta / (alpha + beta)),
    tokens: (flops / 6) ** (alpha / (alpha + beta)) / G
  }
}

/** The size for which so many tokens are compute-optimal: N = G (G D)^(beta/alpha). */
export function optimalParametersFor(fit: ChinchillaFit, tokens: number): number {
  const G = optimalRatio(fit)
  return G * (G * tokens) ** (fit.beta / fit.alpha)
}

/** Tokens after which a size has a loss; undefined when it never gets there. */
export function tokensToReach(fit: ChinchillaFit, parameters: number, loss: number): number | undefined {
  const left = loss - fit.E - fit.A / parameters ** fit.alpha
  return left > 0 ? (fit.B / left) ** (1 / fit.beta) : undefined
}

/**
 * Training compute by the rule C = 6 N D: two FLOPs a weight forward, four backward (Kaplan et al. 2020, section 2.1).
 */
export function trainingFlops({ parameters, tokens }: Allocation): number {
  return 6 * parameters * tokens
}

/** Runs of Hoffmann et al. 2022, that all three fits rest on. */
export const chinchillaRegion: Region = {
  ranges: { parameters: { low: 70e6, high: 16e9 }, tokens: { low: 5e9, high: 500e9 } },
  source:
    'Hoffmann et al. 2022, abstract: over 400 models from 70 million to over 16 billion parameters on 5 to 500 billion ' +
    'tokens'
}

const common = {
  formula: 'L = E + A / N^alpha + B / D^beta',
  counts: 'all parameters of a dense model',
  takes: [['parameters', 'tokens'], ['flops']],
  gives: ['loss', 'optimalParameters', 'optimalTokens', 'tokensPerParameter'],
  region: chinchillaRegion
} as const

/** The three fits of the Chinchilla form. */
export const chinchillaLaws: readonly Law[] = [
  chinchillaLaw(hoffmannRounded, {
    id: 'hoffmann2022-rounded',
    name: 'Chinchilla, as printed',
    source: 'Hoffmann et al. 2022 (arXiv 2203.15556), approach 3, equation 10',
    note:
      'rounded to two digits, which moves the optimum: 92.6 tokens per parameter at 5.76e23 FLOPs, not the 20 of ' +
      'approaches 1 and 2',
    approximate: true
  }),
  chinchillaLaw(hoffmannExact, {
    id: 'hoffmann2022-tex',
    name: 'Chinchilla, all digits',
    source: 'Hoffmann et al. 2022, TeX source, as quoted in epoch-research/analyzing-chinchilla, data_analysis.ipynb',
    note: 'the fit itself had not converged (Besiroglu et al. 2024)',
    approximate: false
  }),
  chinchillaLaw(besiroglu, {
    id: 'besiroglu2024',
    name: 'Chinchilla, refitted',
    source: 'Besiroglu et al. 2024 (arXiv 2404.10102), table 1; epoch-research/analyzing-chinchilla',
    note: 'fitted to points read off a figure of the paper; standard errors 0.026 of E, 0.015 of alpha, 0.021 of beta',
    approximate: false
  })
]

function chinchillaLaw(fit: ChinchillaFit, own: Pick<Law, 'id' | 'name' | 'source' | 'note' | 'approximate'>): Law {
  return defineLaw({
    ...common,
    ...own,
    provenance: 'seen',
    compute: ({ parameters, tokens, flops = Number.NaN }) => {
      const asked = parameters !== undefined && tokens !== undefined ? { parameters, tokens } : undefined
      const optimum = computeOptimal(fit, asked ? trainingFlops(asked) : flops)
      return {
        loss: chinchillaLoss(fit, asked ?? optimum),
        optimalParameters: optimum.parameters,
        optimalTokens: optimum.tokens,
        tokensPerParameter: optimum.tokens / optimum.parameters
      }
    }
  })
}

function optimalRatio({ A, B, alpha, beta }: ChinchillaFit): number {
  return ((alpha * A) / (beta * B)) ** (1 / (alpha + beta))
}
