import { noExpert } from '../trace'
import { contingency, type MutualInformation } from './mutual-information'
import { randomOverlap } from './random-routing'
import { needs, type Statistic, type Unavailable } from './statistic'

/** Distribution of each domain's tokens over the experts. */
export interface DomainSpecialisation {
  /** As places in `trace.layers`. */
  readonly layers: readonly number[]
  readonly experts: number
  readonly domains: readonly string[]
  /** Tokens of each domain: `[domains]`. */
  readonly tokens: Uint32Array
  /** Tokens of each domain that an expert was any choice, and the first choice, of: `[layers, domains, experts]`. */
  readonly any: Uint32Array
  readonly first: Uint32Array
  /** Share of the domain's **tokens** that the expert was any choice of; sums to k: `[layers, domains, experts]`. */
  readonly ofTokens: Float64Array
  /** Share of the domain's **assignments** (choices of experts) that the expert was; sums to 1; same shape. */
  readonly ofAssignments: Float64Array
  /** Between domain and expert, over all choices and over first choices: `[layers]`. */
  readonly information: { readonly any: readonly MutualInformation[]; readonly first: readonly MutualInformation[] }
  /** Both shares at random routing. */
  readonly baselines: { readonly ofTokens: number; readonly ofAssignments: number }
}

/**
 * Domain specialisation by tokens (Muennighoff et al. 2024, "OLMoE", equation 7: N_E,D / N_D; random routing k/E) and
 * by assignments (Jiang et al. 2024, "Mixtral of Experts", Figure 7; random routing 1/E), and the mutual information of
 * expert and domain. Of the information over all choices, `chance` takes the k choices of a token for independent.
 * Shares are NaN for a domain without tokens.
 */
export const domainSpecialisation: Statistic<DomainSpecialisation, Unavailable> = {
  begin: ({ trace: { experts, topK, domains, domainIds }, layers }) => {
    if (!domainIds || domains.length === 0) return needs('the domain of each token')
    const perLayer = domains.length * experts
    const tokens = new Uint32Array(domains.length)
    const any = new Uint32Array(layers.length * perLayer)
    const first = new Uint32Array(layers.length * perLayer)
    return {
      add: (stretch) => {
        const rows = Uint32Array.from(stretch.tokens, (token) => (domainIds[token] ?? 0) * experts)
        for (const row of rows) tokens[row / experts] = (tokens[row / experts] ?? 0) + 1
        const { count, expertIds } = stretch
        let at = 0
        for (let layer = 0; layer < layers.length; layer++) {
          const start = layer * perLayer
          for (let token = 0; token < count; token++) {
            const row = start + (rows[token] ?? 0)
            const best = expertIds[at] ?? noExpert
            if (best !== noExpert) first[row + best] = (first[row + best] ?? 0) + 1
            for (const end = at + topK; at < end; at++) {
              const expert = expertIds[at] ?? noExpert
              if (expert !== noExpert) any[row + expert] = (any[row + expert] ?? 0) + 1
            }
          }
        }
      },
      result: () => {
        const information = (counts: Uint32Array) =>
          layers.map((_, layer) => {
            const table = contingency(experts)
            for (let domain = 0; domain < domains.length; domain++)
              table.add(counts, layer * perLayer + domain * experts)
            return table.result()
          })
        const ofTokens = Float64Array.from(any, (n, i) => n / (tokens[Math.floor(i / experts) % domains.length] ?? 0))
        return {
          layers,
          experts,
          domains,
          tokens,
          any,
          first,
          ofTokens,
          ofAssignments: shares(any, experts),
          information: { any: information(any), first: information(first) },
          baselines: { ofTokens: randomOverlap(experts, topK), ofAssignments: 1 / experts }
        }
      }
    }
  }
}

/** Each row of counts over its sum. */
function shares(counts: Uint32Array, width: number): Float64Array {
  const result = new Float64Array(counts.length)
  for (let row = 0; row < counts.length; row += width) {
    const total = counts.subarray(row, row + width).reduce((sum, count) => sum + count, 0)
    for (let i = row; i < row + width; i++) result[i] = (counts[i] ?? 0) / total
  }
  return result
}
