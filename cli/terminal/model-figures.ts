import type { ActiveParameters } from '@core/arch/count/count'
import type { TrainingReport } from '@core/formats/training-report'
import type { ModelFacts } from '@core/scaling/facts'
import type { Spread } from '@core/scaling/spread'
import { type EffectiveJson, effectiveJson } from '@core/scaling/worth'

/** The figures of a model in the terminal's JSON. Sizes in parameters, losses in nats per character. */
export interface ModelFigures {
  readonly id: string
  readonly role: 'dense' | 'moe'
  readonly total: number
  readonly active: ActiveParameters
  /** Measured on the loss over all domains, on those that test memory, and on those that test computation. */
  readonly effective: EffectiveJson
  readonly effective_memory: EffectiveJson
  readonly effective_computation: EffectiveJson
  /** Validation loss of these weights; null, as what follows, for a model without a training report. */
  readonly loss: number | null
  /** The same over all seeds that were trained. */
  readonly loss_over_seeds: Spread | null
  /** Entropy of the corpus. */
  readonly floor: number | null
}

/** @param report of the weights */
export function modelFigures(
  { id, role, total, active, worth, loss, floor }: ModelFacts,
  report: TrainingReport | undefined
): ModelFigures {
  return {
    id,
    role,
    total,
    active,
    effective: effectiveJson(worth.total.effective),
    effective_memory: effectiveJson(worth.memory.effective),
    effective_computation: effectiveJson(worth.computation.effective),
    loss: report?.result.loss ?? null,
    loss_over_seeds: loss,
    floor
  }
}

/** A number of parameters in three digits: `404 k`, `1.06 M`. */
export function sizeText(size: number): string {
  const [unit, name] = size >= 1e9 ? [1e9, ' B'] : size >= 999_500 ? [1e6, ' M'] : size >= 1e3 ? [1e3, ' k'] : [1, '']
  const scaled = size / unit
  return `${scaled.toFixed(scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0)}${name}`
}

/** Effective parameters in words: with the interval, one end of it, or nothing but a reason. */
export function effectiveText({ estimate, low, high, bound, basis }: EffectiveJson): string {
  if (basis.method === 'itself') return estimate === null ? '' : sizeText(estimate)
  if (bound !== null) return bound
  const range = low !== null && high !== null ? `${sizeText(low)} to ${sizeText(high)}` : ''
  if (estimate === null) return range || 'not measured'
  return range ? `${sizeText(estimate)} (${range})` : sizeText(estimate)
}

/** A loss with its spread over the seeds. */
export function lossText({ mean, deviation }: Pick<Spread, 'mean' | 'deviation'>): string {
  return deviation === null ? mean.toFixed(3) : `${mean.toFixed(3)} ± ${deviation.toFixed(3)}`
}
