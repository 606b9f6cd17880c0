import type { TransformSpec } from '@core/compress'
import { type ByDomain, type ChangedLoss, intervalOf, type MeasuredLoss } from '@core/evaluate/paired-losses'
import type { EffectiveJson } from '@core/scaling/worth'

/** A figure of the model as it was and as it became. */
export interface BeforeAfter<T> {
  readonly before: T
  readonly after: T
}

/** The figures of a model before and after transforms. */
export interface CompressionReport {
  readonly model: string
  readonly transform: readonly TransformSpec[]
  /** Of the weights as they are stored. */
  readonly bytes: BeforeAfter<number>
  /** Total parameters. */
  readonly total: BeforeAfter<number>
  readonly before: MeasuredLoss & { readonly domains: ByDomain<MeasuredLoss> }
  readonly after: ChangedLoss & { readonly domains: ByDomain<ChangedLoss> }
  /** Median while writing. */
  readonly tokensPerSecond: BeforeAfter<number | null>
  /** Effective parameters of the compressed model. */
  readonly effective: EffectiveJson
  /** The folder that it was left in. */
  readonly out?: string
  /** Bytes of its weights there, with the header of the file. */
  readonly out_bytes?: number
}

/** The JSON of `moescope compress`. */
export function compressionJson({ before, after, tokensPerSecond, ...report }: CompressionReport) {
  const domains = Object.entries(after.domains).map(([id, change]) => [id, lossJson(change)])
  return {
    ...report,
    loss: { ...lossJson(after), before: before.loss, domains: Object.fromEntries(domains) },
    tokens_per_s: tokensPerSecond
  }
}

function lossJson(change: ChangedLoss) {
  const { loss, delta, standardError, tokens } = change
  return { before: loss - delta, after: loss, delta, standard_error: standardError, ...intervalOf(change), tokens }
}
