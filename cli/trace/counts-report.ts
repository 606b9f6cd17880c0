/** The figures of counts without tokens, as `trace stats --json` names them. */
import { countsOfSteps, layerOf } from '@core/routing/statistics/balance'
import { sum } from '@core/routing/statistics/load'
import { randomVariation } from '@core/routing/statistics/random-routing'
import type { RoutingCounts } from '@core/routing/trace'
import { type BalanceReport, evennessOf } from './report'

export interface CountsOptions {
  /** As places in `RoutingCounts.layers`. */
  readonly layers: readonly number[]
  /** As in `deadExperts`. */
  readonly deadBelowShare: number
}

/** A statistic that needs tokens has no field in the layers, and its reason in `unavailable`. */
export interface CountsReport {
  readonly kind: 'counts'
  readonly model: string
  /** Counts do not tell it. */
  readonly tokens: null
  /** Null where it is not known. */
  readonly top_k: number | null
  /** Stretches of time that were counted apart and are added up. */
  readonly steps: number
  readonly layers: readonly BalanceReport[]
  readonly unavailable: Readonly<Record<string, string>>
  readonly notes: readonly string[]
}

const ofTokens = [
  'first_choice_load',
  'repeats',
  'co_activation',
  'unique_experts',
  'dropped',
  'dropped_at_capacity',
  'domain_specialisation',
  'vocabulary_specialisation',
  'router_logits',
  'router_weights'
]

/** Computes what counts tell. */
export function countsReportOf(recorded: RoutingCounts, { layers, deadBelowShare }: CountsOptions): CountsReport {
  const { model, experts, topK, steps, notes } = recorded
  const counts = countsOfSteps(recorded)
  const needsTokens = ofTokens.map((name) => [
    name,
    'needs tokens, and this file only counts how often experts were chosen'
  ])
  return {
    kind: 'counts',
    model,
    tokens: null,
    top_k: topK ?? null,
    steps,
    layers: layers.map((place) => {
      const ofLayer = layerOf(counts, place, experts)
      return {
        layer: recorded.layers[place] ?? place,
        experts,
        ...evennessOf(ofLayer, deadBelowShare),
        baselines: {
          load: 1 / experts,
          ...(topK !== undefined && { cv: randomVariation(experts, topK, sum(ofLayer) / topK) })
        }
      }
    }),
    unavailable: {
      ...Object.fromEntries(needsTokens),
      ...(topK === undefined && { cv_baseline: 'needs to know how many experts a token is sent to' })
    },
    notes
  }
}
