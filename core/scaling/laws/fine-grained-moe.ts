import { type Allocation, chinchillaLoss } from './chinchilla'
import { defineLaw, type Law, type LawInput } from './law'

/**
 * Constants for MoE models of 64 experts' worth of feed-forward weights: L = c + (g/G^gamma + a)/N^alpha + b/D^beta.
 */
const moe = { a: 18.1, alpha: 0.115, b: 30.8, beta: 0.147, g: 2.1, gamma: 0.58, c: 0.47 } as const

/** The same for dense models, without granularity. */
const dense = { a: 16.3, alpha: 0.126, b: 26.7, beta: 0.127, c: 0.47 } as const

/**
 * Loss of an MoE of `parameters` in all (without embeddings) and granularity G, the width of the dense feed-forward
 * layer over that of one expert (Krajewski et al. 2024, equation 9 and table 1), in nats per token.
 */
export function fineGrainedLoss({ parameters, tokens }: Allocation, granularity: number): number {
  const { a, alpha, b, beta, g, gamma, c } = moe
  return chinchillaLoss({ E: c, A: g / granularity ** gamma + a, B: b, alpha, beta }, { parameters, tokens })
}

/** Loss of a dense model of `parameters` (without embeddings) by the same paper's fit, in nats per token. */
export function fineGrainedDenseLoss(allocation: Allocation): number {
  const { a, alpha, b, beta, c } = dense
  return chinchillaLoss({ E: c, A: a, B: b, alpha, beta }, allocation)
}

/**
 * The size of the dense model with the loss of an MoE after the same tokens, by the two fits of the paper; undefined
 * where the dense fit says that these tokens are too few for any size.
 */
export function fineGrainedEffectiveParameters(allocation: Allocation, granularity: number): number | undefined {
  const { a, alpha, b, beta, c } = dense
  const left = fineGrainedLoss(allocation, granularity) - c - b / allocation.tokens ** beta
  return left > 0 ? (a / left) ** (1 / alpha) : undefined
}

/**
 * Total parameters, without embeddings, of an MoE with `expansion` times the feed-forward weights of a dense model:
 * width^2 (8 expansion + 4) blocks. The dense model is that of expansion 1, 12 width^2 blocks.
 */
export function expandedParameters(denseParameters: number, expansion: number): number {
  return (denseParameters * (8 * expansion + 4)) / 12
}

const tokens = { low: 16e9, high: 130e9 }

/** Krajewski et al. 2024, for MoE and for dense models. */
export const fineGrainedLaws: readonly Law[] = [
  defineLaw({
    id: 'krajewski2024-moe',
    name: 'fine-grained MoE',
    formula: 'L = c + (g / G^gamma + a) / N^alpha + b / D^beta',
    source: 'Krajewski et al. 2024 (arXiv 2402.07871), equation 9, table 1',
    provenance: 'seen',
    note:
      'for 64 times the feed-forward weights of a dense model; granularity 1 where none is given; the effective size ' +
      'compares two fits and is soon meaningless outside their region',
    approximate: true,
    counts: 'all parameters but embeddings: width^2 (8 expansion + 4) blocks',
    takes: [
      ['parameters', 'tokens'],
      ['parameters', 'tokens', 'granularity']
    ] satisfies LawInput[][],
    gives: ['loss', 'effectiveParameters'],
    region: {
      ranges: { parameters: { low: 129e6, high: 3.7e9 }, tokens, granularity: { low: 1, high: 16 } },
      source:
        'Krajewski et al. 2024, section 5 (not verified): MoE models of 129 million to 3.7 billion parameters in all, ' +
        '16 to 130 billion tokens, granularity 1 to 16'
    },
    compute: ({ parameters = Number.NaN, tokens = Number.NaN, granularity = 1 }) => {
      const effective = fineGrainedEffectiveParameters({ parameters, tokens }, granularity)
      return {
        loss: fineGrainedLoss({ parameters, tokens }, granularity),
        ...(effective !== undefined && { effectiveParameters: effective })
      }
    }
  }),
  defineLaw({
    id: 'krajewski2024-dense',
    name: 'dense, of the fine-grained MoE paper',
    formula: 'L = c + a / N^alpha + b / D^beta',
    source: 'Krajewski et al. 2024 (arXiv 2402.07871), table 1',
    provenance: 'seen',
    approximate: true,
    counts: 'all parameters but embeddings: 12 width^2 blocks',
    takes: [['parameters', 'tokens']],
    gives: ['loss'],
    region: {
      ranges: { parameters: { low: null, high: null }, tokens },
      source: 'Krajewski et al. 2024, section 5: the tokens of its MoE models; the dense sizes are not known here'
    },
    compute: ({ parameters = Number.NaN, tokens = Number.NaN }) => ({
      loss: fineGrainedDenseLoss({ parameters, tokens })
    })
  })
]
