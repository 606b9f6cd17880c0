import { type Architecture, moeLayers } from '../arch/architecture'
import type { MeasuredRun, Quantity, QuantityLosses } from './measured-run'
import { checkComparable, quantityLosses, trainedOn } from './measured-run'

/** Dense models of several sizes, trained alike: the measure that effective parameters are read from. */
export interface DenseFamily {
  /** Convention of sizes: total parameters, which are the active ones of a dense model in convention `all`. */
  readonly convention: 'all'
  /** Training text of every run, in words. */
  readonly trainedOn: string
  /** Quantities measured in every run: `total`, `memory`, `computation` and the domains. */
  readonly quantities: readonly Quantity[]
  /** By rising size. */
  readonly sizes: readonly DenseSize[]
}

/** One size and all runs of it. */
export interface DenseSize {
  /** The models of this size. */
  readonly ids: readonly string[]
  /** Total parameters. */
  readonly parameters: number
  /** Validation losses, one entry for each seed. */
  readonly runs: readonly QuantityLosses[]
}

/** Layers of the models that effective parameters are read from, which differ in width alone. */
const familyLayers = 2

/** True for a dense model of the family's depth, whose layers have weights of their own: it is a size of the measure. */
export function isFamilySize(architecture: Architecture): boolean {
  const { layers, sharedLayers } = architecture
  return moeLayers(architecture).length === 0 && layers.length === familyLayers && !sharedLayers
}

/** One dense model with the reports of its training. */
export interface DenseMember {
  readonly id: string
  /** Total parameters. */
  readonly parameters: number
  /** One for each seed. */
  readonly reports: readonly MeasuredRun[]
}

/**
 * Puts trained dense models in order; members without a report are left out, and those of equal size join. Throws a
 * `RangeError` when there is no report, when two were trained on different text, when one model has a seed twice, or
 * when a number of parameters is not a positive whole number.
 */
export function denseFamily(members: readonly DenseMember[]): DenseFamily {
  const trained = members.filter(({ reports }) => reports.length > 0)
  const first = trained[0]?.reports[0]
  if (!first) throw new RangeError('a dense family needs at least one dense model with a training report')
  checkComparable(trained)
  for (const { id, parameters } of trained) {
    if (!(Number.isInteger(parameters) && parameters > 0)) {
      throw new RangeError(`${id}: expected a positive whole number of parameters, found ${parameters}`)
    }
  }
  const parametersOnce = [...new Set(trained.map(({ parameters }) => parameters))].sort((a, b) => a - b)
  const sizes = parametersOnce.map((parameters) => {
    const same = trained.filter((member) => member.parameters === parameters)
    const runs = same.flatMap(({ reports }) => reports.map(quantityLosses))
    return { ids: same.map(({ id }) => id), parameters, runs }
  })
  const runs = sizes.flatMap((size) => size.runs)
  const quantities = Object.keys(quantityLosses(first)).filter((quantity) => runs.every((run) => quantity in run))
  return { convention: 'all', trainedOn: trainedOn(first), quantities, sizes }
}
