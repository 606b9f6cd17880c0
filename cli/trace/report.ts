/** The figures of a trace, as `trace stats --json` names them. */
import { balanceOf, layerOf } from '@core/routing/statistics/balance'
import { simulatedDrops } from '@core/routing/statistics/capacity'
import { choiceCounts } from '@core/routing/statistics/choice-counts'
import { coActivation, type ExpertPair, strongestPairs } from '@core/routing/statistics/co-activation'
import { domainSpecialisation } from '@core/routing/statistics/domain-specialisation'
import type { RoutingFilter } from '@core/routing/statistics/filter'
import { load } from '@core/routing/statistics/load'
import { type Measured, measure } from '@core/routing/statistics/measure'
import type { MutualInformation } from '@core/routing/statistics/mutual-information'
import { randomVariation } from '@core/routing/statistics/random-routing'
import { repeats } from '@core/routing/statistics/repeats'
import { routerLogits } from '@core/routing/statistics/router-logits'
import { routerWeights } from '@core/routing/statistics/router-weights'
import { isUnavailable, type Unavailable } from '@core/routing/statistics/statistic'
import type { PassOptions } from '@core/routing/statistics/stretches'
import { uniqueExperts } from '@core/routing/statistics/unique-experts'
import { vocabularySpecialisation } from '@core/routing/statistics/vocabulary-specialisation'
import type { Trace } from '@core/routing/trace'

export interface ReportOptions extends PassOptions {
  readonly filter: RoutingFilter
  /** Of the simulated capacity. */
  readonly capacity: number
  readonly window: number
  /** Tokens of a batch whose different experts are counted. */
  readonly batch: number
  /** As in `deadExperts`. */
  readonly deadBelowShare: number
}

/** A statistic that cannot be computed has no field in the layers, and its reason in `unavailable`. */
export interface TraceReport {
  readonly kind: 'trace'
  readonly model: string
  readonly tokens: number
  readonly top_k: number
  readonly capacity: { readonly factor: number; readonly window: number }
  readonly batch: number
  readonly layers: readonly LayerReport[]
  readonly unavailable: Readonly<Record<string, string>>
  readonly notes: readonly string[]
}

/** Evenness of a layer's load, known from counts without tokens, too. */
export interface BalanceReport {
  /** Place among all layers of the model. */
  readonly layer: number
  readonly experts: number
  /** Shares of the assignments. */
  readonly load: readonly number[]
  readonly cv: number
  readonly entropy: number
  readonly jain: number
  readonly max_violation: number
  readonly dead: number
  readonly dead_experts: readonly number[]
  /** Values at random routing. */
  readonly baselines: Readonly<Record<string, number>>
}

export interface LayerReport extends BalanceReport {
  /** Shares of the first choices. */
  readonly first_choice_load: readonly number[]
  readonly repeat_first: number
  readonly repeat_any: number
  /** The pairs that are together most. */
  readonly co_activation?: readonly ExpertPair[]
  readonly unique_experts: number
  /** Shares that are recorded as dropped, and that the simulated capacity drops. */
  readonly dropped: Dropped
  readonly dropped_at_capacity: Dropped
  /** By domain and expert: share of the domain's tokens, and of its assignments. */
  readonly domain_specialisation?: { readonly of_tokens: ByDomain; readonly of_assignments: ByDomain }
  /** Of the domain with any choice and with the first choice, and of the token id with the first choice. */
  readonly domain_information?: { readonly any: Information; readonly first: Information }
  readonly token_information?: Information
  readonly vocabulary_specialisation?: number
  readonly balance_loss?: { readonly per_token: number; readonly per_assignment: number }
  readonly z_loss?: number
  /** From the logits of the routers, or else from the weights of the chosen experts, which tell less. */
  readonly router?: {
    readonly from: 'logits' | 'weights'
    readonly largest: number
    readonly entropy_bits: number
    readonly top_k_mass?: number
    readonly weight_sum?: number
  }
}

interface Dropped {
  readonly choices: number
  /** Tokens that lose at least one expert, and that lose all of them. */
  readonly tokens: number
  readonly whole_tokens: number
}

type ByDomain = Readonly<Record<string, readonly number[]>>

/** In bits. */
interface Information {
  readonly plug_in: number
  readonly corrected: number
  readonly expert_entropy: number
  readonly label_entropy: number
}

const pairsReported = 10

/** Computes all figures in one pass over the trace. Rejects as `measure` does. */
export async function reportOf(trace: Trace, options: ReportOptions): Promise<TraceReport> {
  const { filter, capacity: factor, window, batch, deadBelowShare, ...pass } = options
  const measured = await measure(trace, { ...pass, filter, statistics: statisticsOf(options) })
  const { tokens, layers } = measured.choices
  const reasons = Object.entries(measured).flatMap(([name, result]) =>
    isUnavailable(result) ? [[name, result.unavailable] as const] : []
  )
  const pairs = ifThere(measured.co_activation)
  const baselines = baselinesOf(trace, measured)
  return {
    kind: 'trace',
    model: trace.model,
    tokens,
    top_k: trace.topK,
    capacity: { factor, window },
    batch,
    layers: layers.map((place, layer) => ({
      layer: trace.layers[place] ?? place,
      experts: trace.experts,
      ...evennessOf(layerOf(measured.choices.any, layer, trace.experts), deadBelowShare),
      first_choice_load: [...load(layerOf(measured.choices.first, layer, trace.experts))],
      repeat_first: measured.repeats.first[layer] ?? Number.NaN,
      repeat_any: measured.repeats.any[layer] ?? Number.NaN,
      ...(pairs && { co_activation: strongestPairs(pairs, layer, pairsReported) }),
      unique_experts: measured.unique_experts.unique[layer] ?? Number.NaN,
      ...dropsOf(measured, layer, trace.topK),
      ...specialisationOf(measured, layer),
      ...confidenceOf(measured, layer),
      baselines
    })),
    unavailable: Object.fromEntries(reasons),
    notes: trace.notes
  }
}

function statisticsOf({ batch, capacity: factor, window }: ReportOptions) {
  return {
    choices: choiceCounts,
    repeats,
    co_activation: coActivation(),
    unique_experts: uniqueExperts({ batch }),
    dropped_at_capacity: simulatedDrops({ factor, window }),
    domain_specialisation: domainSpecialisation,
    vocabulary_specialisation: vocabularySpecialisation(),
    router_logits: routerLogits,
    router_weights: routerWeights
  }
}

type All = Measured<ReturnType<typeof statisticsOf>>

/** Evenness of these counts of one layer: `[experts]`. */
export function evennessOf(counts: ArrayLike<number>, deadBelowShare: number) {
  const { load: loads, dead, maxViolation, ...rest } = balanceOf(counts, { deadBelowShare })
  return { load: [...loads], ...rest, max_violation: maxViolation, dead: dead.length, dead_experts: dead }
}

function dropsOf({ choices, dropped_at_capacity: simulated }: All, layer: number, topK: number) {
  const at = (values: ArrayLike<number>) => values[layer] ?? Number.NaN
  return {
    dropped: {
      choices: at(choices.droppedChoices) / (choices.tokens * topK),
      tokens: at(choices.droppedTokens) / choices.tokens,
      whole_tokens: at(choices.unroutedTokens) / choices.tokens
    },
    dropped_at_capacity: {
      choices: at(simulated.choices),
      tokens: at(simulated.tokens),
      whole_tokens: at(simulated.wholeTokens)
    }
  }
}

function specialisationOf(measured: All, layer: number) {
  const domains = ifThere(measured.domain_specialisation)
  const vocabulary = ifThere(measured.vocabulary_specialisation)
  const byDomain = (shares: Float64Array): ByDomain => {
    const { domains: names = [], experts = 0 } = domains ?? {}
    const row = (domain: number) => layer * names.length + domain
    return Object.fromEntries(names.map((name, domain) => [name, [...layerOf(shares, row(domain), experts)]]))
  }
  const [any, first] = [domains?.information.any[layer], domains?.information.first[layer]]
  const token = vocabulary?.information[layer]
  return {
    ...(domains && {
      domain_specialisation: { of_tokens: byDomain(domains.ofTokens), of_assignments: byDomain(domains.ofAssignments) }
    }),
    ...(any && first && { domain_information: { any: informationOf(any), first: informationOf(first) } }),
    ...(token && { token_information: informationOf(token) }),
    ...(vocabulary && { vocabulary_specialisation: vocabulary.means[layer] ?? Number.NaN })
  }
}

function informationOf({ plugIn, corrected, expertEntropy, labelEntropy }: MutualInformation): Information {
  return { plug_in: plugIn, corrected, expert_entropy: expertEntropy, label_entropy: labelEntropy }
}

function confidenceOf(measured: All, layer: number): Pick<LayerReport, 'balance_loss' | 'z_loss' | 'router'> {
  const at = (values: ArrayLike<number>) => values[layer] ?? Number.NaN
  const logits = ifThere(measured.router_logits)
  const weights = ifThere(measured.router_weights)
  if (logits) {
    const { perToken = Number.NaN, perAssignment = Number.NaN } = logits.balanceLoss[layer] ?? {}
    const { largest, entropy, topKMass, zLoss } = logits
    return {
      balance_loss: { per_token: perToken, per_assignment: perAssignment },
      z_loss: at(zLoss),
      router: { from: 'logits', largest: at(largest), entropy_bits: at(entropy), top_k_mass: at(topKMass) }
    }
  }
  if (!weights) return {}
  const { largest, entropy, sum } = weights
  return { router: { from: 'weights', largest: at(largest), entropy_bits: at(entropy), weight_sum: at(sum) } }
}

function baselinesOf({ experts, topK }: Trace, measured: All): Record<string, number> {
  const domains = ifThere(measured.domain_specialisation)?.baselines
  const vocabulary = ifThere(measured.vocabulary_specialisation)
  const pairs = ifThere(measured.co_activation)
  return {
    load: 1 / experts,
    cv: randomVariation(experts, topK, measured.choices.tokens),
    repeat_first: measured.repeats.baselines.first,
    repeat_any: measured.repeats.baselines.any,
    ...(pairs && { co_activation: pairs.baseline }),
    unique_experts: measured.unique_experts.baseline,
    ...(domains && {
      domain_specialisation_of_tokens: domains.ofTokens,
      domain_specialisation_of_assignments: domains.ofAssignments
    }),
    ...(vocabulary && { vocabulary_specialisation: vocabulary.baseline })
  }
}

function ifThere<Result>(result: Result | Unavailable): Result | undefined {
  return isUnavailable(result) ? undefined : result
}
