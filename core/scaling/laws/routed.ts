import { defineLaw, type Law } from './law'

/** Constants of log10 L = a log10 N + b log10 E^ + c log10 N log10 E^ + d. */
export interface RoutedFit {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  /** Ends of the saturating number of experts E^. */
  readonly expertsStart: number
  readonly expertsMax: number
  /** Parameters beyond which the paper expects no gain of routing; not what the rounded constants give. */
  readonly cutoff: number
}

/** The three ways of routing of Clark et al. 2022, table 3. */
export const routedFits = {
  sBase: { a: -0.082, b: -0.108, c: 0.009, d: 1.104, expertsStart: 1.847, expertsMax: 314.478, cutoff: 9.37e11 },
  rlR: { a: -0.083, b: -0.126, c: 0.012, d: 1.111, expertsStart: 1.88, expertsMax: 469.982, cutoff: 8.5e10 },
  hash: { a: -0.087, b: -0.136, c: 0.012, d: 1.157, expertsStart: 4.175, expertsMax: 477.741, cutoff: 8.3e10 }
} as const satisfies Record<string, RoutedFit>

/**
 * E^, between `expertsStart` for one expert and `expertsMax` for endlessly many (Clark et al. 2022, equation 7):
 * 1/E^ = 1/(E - 1 + (1/E_start - 1/E_max)^-1) + 1/E_max.
 */
export function saturatedExperts({ expertsStart, expertsMax }: RoutedFit, experts: number): number {
  return 1 / (1 / (experts - 1 + 1 / (1 / expertsStart - 1 / expertsMax)) + 1 / expertsMax)
}

/**
 * Loss of a model of so many dense parameters with so many experts, one of which is used, in nats per token. The
 * logarithms are to base 10: so the constants give the paper's example (5 M parameters with 128 experts are worth 55 M)
 * within their rounding, and its cut-offs; natural ones give neither.
 */
export function routedLoss(fit: RoutedFit, parameters: number, experts: number): number {
  const [n, e] = [Math.log10(parameters), Math.log10(saturatedExperts(fit, experts))]
  return 10 ** (fit.a * n + fit.b * e + fit.c * n * e + fit.d)
}

/** The size of the model with one expert that has the same loss (the paper's effective parameter count, section 5). */
export function routedEffectiveParameters(fit: RoutedFit, parameters: number, experts: number): number {
  const { a, b, c } = fit
  const [n, e] = [Math.log10(parameters), Math.log10(saturatedExperts(fit, experts))]
  const one = Math.log10(fit.expertsStart)
  return 10 ** ((a * n + b * e + c * n * e - b * one) / (a + c * one))
}

/** Clark et al. 2022, one law for each way of routing. */
export const routedLaws: readonly Law[] = [
  routedLaw(routedFits.sBase, 'clark2022-s-base', 'routed, Sinkhorn-BASE'),
  routedLaw(routedFits.rlR, 'clark2022-rl-r', 'routed, reinforcement learning'),
  routedLaw(routedFits.hash, 'clark2022-hash', 'routed, hash layers')
]

function routedLaw(fit: RoutedFit, id: string, name: string): Law {
  return defineLaw({
    id,
    name,
    formula: 'log L = a log N + b log E^ + c log N log E^ + d, logarithms to base 10',
    source: 'Clark et al. 2022 (arXiv 2202.01169), equations 6 and 7, table 3; cut-offs as published',
    provenance: 'secondary',
    note:
      'rounded constants: values are approximate, and the published cut-off is not what they give; all after 130 ' +
      'billion tokens',
    approximate: true,
    counts: 'parameters of the dense model that the experts are added to',
    takes: [['parameters', 'experts']],
    gives: ['loss', 'effectiveParameters', 'publishedCutoff'],
    region: {
      ranges: { parameters: { low: 15e6, high: 1.3e9 }, experts: { low: 2, high: 512 } },
      source: 'Clark et al. 2022 (not verified): dense sizes from 15 million to 1.3 billion, 2 to 512 experts'
    },
    compute: ({ parameters = Number.NaN, experts = Number.NaN }) => {
      if (experts < 1) throw new RangeError(`${id}: expected 1 or more experts, found ${experts}`)
      return {
        loss: routedLoss(fit, parameters, experts),
        effectiveParameters: routedEffectiveParameters(fit, parameters, experts),
        publishedCutoff: fit.cutoff
      }
    }
  })
}
