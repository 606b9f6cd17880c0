import { trainingFlops } from './chinchilla'
import { defineLaw, type FittedRange } from './law'

/** FLOPs of a petaflop/s-day, the paper's unit of compute. */
export const petaflopDay = 1e15 * 86_400

/** Loss of a model of so many non-embedding parameters on endless data: (8.8e13 / N)^0.076 (equation 1.1). */
export function kaplanLossOfParameters(parameters: number): number {
  return (8.8e13 / parameters) ** 0.076
}

/** Loss of a large model, stopped early, on so many tokens: (5.4e13 / D)^0.095 (equation 1.2). */
export function kaplanLossOfTokens(tokens: number): number {
  return (5.4e13 / tokens) ** 0.095
}

/** Loss for the least compute, in FLOPs, best spent: (3.1e8 / C_min)^0.050, C_min in PF-days (equation 1.3). */
export function kaplanLossOfCompute(flops: number): number {
  return (3.1e8 / (flops / petaflopDay)) ** 0.05
}

/** Loss of both: ((6.4e13 / N)^(0.076/0.103) + 1.8e13 / D)^0.103 (equation 1.5 with the constants of table 2). */
export function kaplanLoss(parameters: number, tokens: number): number {
  return ((6.4e13 / parameters) ** (0.076 / 0.103) + 1.8e13 / tokens) ** 0.103
}

const parameters: FittedRange = { low: 768, high: 1.5e9 }
const tokens: FittedRange = { low: 22e6, high: 23e9 }

/** Kaplan et al. 2020. */
export const kaplanLaw = defineLaw({
  id: 'kaplan2020',
  name: 'Kaplan',
  formula: 'L(N) = (8.8e13/N)^0.076; L(D) = (5.4e13/D)^0.095; L(C) = (3.1e8/C)^0.050; L(N, D) of both',
  source: 'Kaplan et al. 2020 (arXiv 2001.08361), equations 1.1 to 1.5, table 2; optimum: table 6',
  provenance: 'secondary',
  note: 'overstates what size buys: learning rates did not fit the number of tokens (Hoffmann et al. 2022, section 2)',
  approximate: true,
  counts: 'parameters without embeddings',
  takes: [['parameters'], ['tokens'], ['flops']],
  gives: ['loss', 'optimalParameters', 'optimalTokens', 'tokensPerParameter'],
  region: {
    ranges: { parameters, tokens },
    source:
      'Kaplan et al. 2020, section 3: 768 to 1.5 billion non-embedding parameters, 22 million to 23 billion tokens'
  },
  compute: ({ parameters, tokens, flops }) => {
    const both = parameters !== undefined && tokens !== undefined ? trainingFlops({ parameters, tokens }) : undefined
    const budget = flops ?? both
    const optimum = budget === undefined ? undefined : optimalFor(budget)
    return {
      loss: lossOf(parameters, tokens, flops),
      ...(optimum && {
        optimalParameters: optimum.parameters,
        optimalTokens: optimum.tokens,
        tokensPerParameter: optimum.tokens / optimum.parameters
      })
    }
  }
})

function lossOf(parameters?: number, tokens?: number, flops?: number): number {
  if (parameters !== undefined && tokens !== undefined) return kaplanLoss(parameters, tokens)
  if (parameters !== undefined) return kaplanLossOfParameters(parameters)
  if (tokens !== undefined) return kaplanLossOfTokens(tokens)
  return kaplanLossOfCompute(flops ?? Number.NaN)
}

/** N = 1.3e9 C_min^0.73 and D = 2e10 C_min^0.27, C_min in PF-days (table 6). */
function optimalFor(flops: number) {
  const days = flops / petaflopDay
  return { parameters: 1.3e9 * days ** 0.73, tokens: 2e10 * days ** 0.27 }
}
