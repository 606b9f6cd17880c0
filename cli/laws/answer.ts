import type { Law, LawFigures, LawInput, LawPoint, Within } from '@core/scaling/laws'

/** The option of each input of a law. */
export const lawOptions = {
  parameters: '--params',
  active: '--active',
  tokens: '--tokens',
  uniqueTokens: '--unique',
  flops: '--flops',
  inferenceTokens: '--inference-tokens',
  loss: '--loss',
  experts: '--experts',
  granularity: '--granularity',
  weightBits: '--weight-bits',
  activationBits: '--activation-bits',
  cacheBits: '--cache-bits'
} as const satisfies Record<LawInput, string>

/** A law with its answer. */
export interface Asked {
  readonly law: Law
  readonly figures: LawFigures
  /** Position of the point, or of the best one for its compute, relative to the law's fit. */
  readonly within: Within
  /** Options that were given and make no difference to this law. */
  readonly ignored: readonly string[]
}

/** A law's answer in the terminal's JSON, besides the figures that it gives, in snake case. */
export interface LawAnswer extends Record<string, unknown> {
  readonly law: string
  /** Nats per token; null when the law gives none. */
  readonly loss: number | null
  readonly within: Within
}

/** Asks a law. Throws a `RangeError` when it has no answer. */
export function askLaw(law: Law, point: LawPoint): Asked {
  const figures = law.figures(point)
  const { parameters = figures.optimalParameters, tokens = figures.optimalTokens } = point
  const at = { ...point, ...(parameters !== undefined && { parameters }), ...(tokens !== undefined && { tokens }) }
  const taken = new Set(law.takes.flat())
  const ignored = (Object.keys(point) as LawInput[]).filter((input) => !taken.has(input))
  return { law, figures, within: law.within(at), ignored: ignored.map((input) => lawOptions[input]) }
}

/** The JSON of an answer. */
export function answerOf({ law, figures, within, ignored }: Asked): LawAnswer {
  const { id, name, formula, source, provenance, approximate, note, counts, region } = law
  const { loss = null, ...others } = Object.fromEntries(
    Object.entries(figures).map(([figure, value]) => [snakeCase(figure), value])
  )
  return {
    law: id,
    loss,
    ...others,
    name,
    formula,
    source,
    provenance,
    approximate,
    note: note ?? null,
    counts,
    within,
    region: {
      ranges: Object.fromEntries(Object.entries(region.ranges).map(([input, range]) => [snakeCase(input), range])),
      source: region.source
    },
    ignored
  }
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
