import { type Architecture, moeLayers } from '../arch/architecture'
import { type ActiveParameters, countParameters } from '../arch/count/count'
import type { DenseFamily } from './dense-family'
import { type MeasuredRun, type Quantity, quantityLosses } from './measured-run'
import { geometricMeanRule, type PublishedPrediction } from './published'
import { type Spread, spreadOf } from './spread'
import { type ModelWorth, modelWorth } from './worth'

/** The figures that travel with a model, on the screen and in the terminal; plain data. Losses in nats per character. */
export interface ModelFacts {
  readonly id: string
  readonly role: 'dense' | 'moe'
  /** Total parameters. */
  readonly total: number
  /** Active parameters by convention. */
  readonly active: ActiveParameters
  /** Effective parameters, measured. */
  readonly worth: ModelWorth
  /** Effective parameters by published rules; empty for a dense model. */
  readonly predicted: readonly PublishedPrediction[]
  /** Validation loss over its seeds; null, as the other figures of training, for a model without a report. */
  readonly loss: Spread | null
  readonly memory: Spread | null
  readonly computation: Spread | null
  /** Entropy of the corpus: no model can be below it. */
  readonly floor: number | null
  readonly domains: Readonly<Record<string, DomainFacts>>
  /** The seeds of its runs. */
  readonly seeds: readonly number[]
}

/** Loss and floor of one domain, in nats per character. */
export interface DomainFacts {
  readonly loss: Spread
  readonly floor: number | null
}

/**
 * Gathers the figures of one model from its shape, the reports of its seeds (may be empty) and the dense family.
 * Throws a `RangeError` when the reports cannot be compared with each other.
 */
export function modelFacts(
  id: string,
  architecture: Architecture,
  reports: readonly MeasuredRun[],
  family: DenseFamily
): ModelFacts {
  const { total, active } = countParameters(architecture)
  const role = moeLayers(architecture).length > 0 ? 'moe' : 'dense'
  const floor = reports[0]?.floor
  const losses = reports.map(quantityLosses)
  const spread = (quantity: Quantity): Spread | null => {
    const known = losses.map((run) => run[quantity]).filter((loss) => loss !== undefined)
    return known.length > 0 ? spreadOf(known) : null
  }
  const domains = Object.keys(reports[0]?.result.domains ?? {}).flatMap((domain): [string, DomainFacts][] => {
    const loss = spread(domain)
    return loss ? [[domain, { loss, floor: floor?.domains[domain] ?? null }]] : []
  })
  return {
    id,
    role,
    total,
    active,
    worth: modelWorth(family, { id, active: active.all, reports }),
    predicted: role === 'moe' ? [geometricMeanRule(total, active.all)] : [],
    loss: spread('total'),
    memory: spread('memory'),
    computation: spread('computation'),
    floor: floor?.total ?? null,
    domains: Object.fromEntries(domains),
    seeds: reports.map(({ recipe }) => recipe.seed)
  }
}
