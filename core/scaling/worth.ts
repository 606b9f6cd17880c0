import type { DenseFamily } from './dense-family'
import { type Basis, basisOf, type EffectiveParameters, effectiveParameters } from './effective'
import { checkComparable, type MeasuredRun, type Quantity, quantityLosses, trainedOn } from './measured-run'

/** Effective parameters of a model, for all quantities. */
export interface ModelWorth {
  readonly total: Worth
  /** On the answers alone where the family's reports score them, else on all characters of the domains; as the next. */
  readonly memory: Worth
  readonly computation: Worth
  readonly domains: Readonly<Record<string, Worth>>
}

/** Effective parameters of a model for one quantity, and their ratio to the active ones. */
export interface Worth {
  readonly effective: EffectiveParameters | OwnSize
  /** Effective over active parameters (convention `all`). */
  readonly perActive: Range
}

/** A dense model of the family has its own size as effective parameters, by definition: nothing is interpolated. */
export interface OwnSize {
  readonly kind: 'itself'
  /** Total parameters. */
  readonly size: number
  readonly basis: OwnBasis
}

/** The basis of a size that is known, not measured. */
export type OwnBasis = { readonly method: 'itself' } & Pick<Basis, 'quantity' | 'convention'>

/** A figure with its interval; null is not known. */
export interface Range {
  readonly estimate: number | null
  readonly low: number | null
  readonly high: number | null
}

/** A model and the reports of its training. */
export interface MeasuredModel {
  readonly id: string
  /** Active parameters (convention `all`). */
  readonly active: number
  /** One for each seed; may be empty. */
  readonly reports: readonly MeasuredRun[]
}

/**
 * Measures a model on a dense family. Undetermined, with the reason, for a model without a report or trained on other
 * text than the family. Throws a `RangeError` when the model's own reports cannot be compared with each other.
 */
export function modelWorth(family: DenseFamily, model: MeasuredModel): ModelWorth {
  checkComparable([model])
  const worth = (quantity: Quantity): Worth => {
    const effective = effectiveOf(family, model, quantity)
    const { estimate, low, high } = rangeOf(effective)
    const over = (size: number | null) => (size === null ? null : size / model.active)
    return { effective, perActive: { estimate: over(estimate), low: over(low), high: over(high) } }
  }
  const domains = family.quantities.filter((quantity) => !groups.has(quantity))
  return {
    total: worth('total'),
    memory: worth(answersIn(family, 'memory')),
    computation: worth(answersIn(family, 'computation')),
    domains: Object.fromEntries(domains.map((domain) => [domain, worth(domain)]))
  }
}

/** The form of the terminal's JSON: numbers where they are known, and the same in words where only one end is. */
export interface EffectiveJson extends Range {
  /** Such as `> 896 k`: the only end that is known; else null. */
  readonly bound: string | null
  /** Reason for a missing estimate other than lying outside the family's range; else null. */
  readonly reason: string | null
  /** See `EffectiveParameters`; absent where the figure is determined, or no number of runs is known to do it. */
  readonly runs_needed?: number
  readonly basis: Basis | OwnBasis
}

/** Effective parameters as the terminal and saved files give them. */
export function effectiveJson(effective: Worth['effective']): EffectiveJson {
  const range = rangeOf(effective)
  const { estimate, low, high } = range
  const onlyLow = estimate === null && low !== null && high === null
  const onlyHigh = estimate === null && low === null && high !== null
  return {
    ...range,
    bound: onlyLow ? `> ${sizeText(low)}` : onlyHigh ? `< ${sizeText(high)}` : null,
    reason: effective.kind === 'undetermined' ? reasonText(effective) : null,
    ...(effective.kind === 'undetermined' && effective.runsNeeded !== undefined
      ? { runs_needed: effective.runsNeeded }
      : {}),
    basis: effective.basis
  }
}

/** The reason why a size is not singled out, and the runs that would do it. */
export function reasonText({ reason, runsNeeded }: Pick<Undetermined, 'reason' | 'runsNeeded'>): string {
  return runsNeeded === undefined
    ? reason
    : `${reason}; with this spread it takes about ${runsNeeded} runs of each size`
}

type Undetermined = Extract<EffectiveParameters, { kind: 'undetermined' }>

const groups: ReadonlySet<Quantity> = new Set([
  'total',
  'memory',
  'computation',
  'memory_answers',
  'computation_answers'
])

function answersIn({ quantities }: DenseFamily, group: 'memory' | 'computation'): Quantity {
  const answers = `${group}_answers`
  return quantities.includes(answers) ? answers : group
}

function effectiveOf(family: DenseFamily, { id, reports }: MeasuredModel, quantity: Quantity): Worth['effective'] {
  const own = family.sizes.find(({ ids }) => ids.includes(id))
  if (own) {
    return {
      kind: 'itself',
      size: own.parameters,
      basis: { method: 'itself', quantity, convention: family.convention }
    }
  }
  const undetermined = (reason: string) =>
    ({ kind: 'undetermined', reason, basis: basisOf(family, quantity, reports.length) }) as const
  const [report] = reports
  if (!report) return undetermined('it has no training report')
  if (trainedOn(report) !== family.trainedOn) {
    return undetermined(`it was trained on ${trainedOn(report)}, the dense family on ${family.trainedOn}`)
  }
  const losses = reports.map((report) => quantityLosses(report)[quantity])
  const known = losses.filter((loss) => loss !== undefined)
  if (known.length < losses.length) return undetermined(`its training report has no loss for '${quantity}'`)
  return effectiveParameters(family, quantity, known)
}

function rangeOf(effective: Worth['effective']): Range {
  switch (effective.kind) {
    case 'itself':
      return { estimate: effective.size, low: effective.size, high: effective.size }
    case 'interval':
      return { estimate: effective.estimate, low: effective.low, high: effective.high }
    case 'above':
      return { estimate: null, low: effective.bound, high: null }
    case 'below':
      return { estimate: null, low: null, high: effective.bound }
    case 'undetermined':
      return { estimate: null, low: effective.low ?? null, high: effective.high ?? null }
  }
}

function sizeText(size: number): string {
  const [unit, name] = size >= 1e9 ? [1e9, ' B'] : size >= 1e6 ? [1e6, ' M'] : size >= 1e3 ? [1e3, ' k'] : [1, '']
  return `${Number((size / unit).toPrecision(3))}${name}`
}
