/** Effective parameters of the MoE models of a sweep, measured on its own dense models. */
import { moeLayers } from '../../arch/architecture'
import { countParameters } from '../../arch/count/count'
import { readConfig } from '../../arch/runnable'
import { groupBy } from '../../group-by'
import { type DenseFamily, denseFamily } from '../../scaling/dense-family'
import { trainedOn } from '../../scaling/measured-run'
import { meanOf } from '../../scaling/spread'
import { modelWorth, type Worth } from '../../scaling/worth'
import type { SweepRun } from './read-run'
import { withoutSeeds } from './summary'

/** Trainings that differ in their seeds alone. */
export interface TrainedSeeds {
  readonly key: string
  readonly runs: readonly [SweepRun, ...SweepRun[]]
  readonly total: number
  readonly active: number
  readonly isMoe: boolean
  /** Mean loss over the seeds, in nats per character. */
  readonly loss: number
}

export interface SweepWorth extends TrainedSeeds {
  readonly worth: Worth
}

/** The models of a sweep that have read the same text, the dense ones as the measure of the others. */
export interface SweptFamily {
  readonly family: DenseFamily
  /** Of each size the dense models of the least loss, by rising size. */
  readonly dense: readonly TrainedSeeds[]
  readonly moe: readonly SweepWorth[]
}

/**
 * The families in a sweep: for each text and number of layers, where there are two dense sizes or more and an MoE model.
 * Of dense models of a size that differ in other settings too, those of the least mean loss stand for it.
 */
export function sweptFamilies(runs: readonly SweepRun[]): SweptFamily[] {
  const seeds = groupBy(
    runs.filter(({ training }) => training?.config !== undefined),
    ({ varied }) => JSON.stringify(withoutSeeds(varied))
  )
  const models = [...seeds].flatMap(([key, group]) => trainedSeeds(key, group) ?? [])
  return [...groupBy(models, ({ text }) => text).values()].flatMap((alike) => familyOf(alike) ?? [])
}

function familyOf(models: readonly (TrainedSeeds & { readonly text: string })[]): SweptFamily | undefined {
  const moe = models.filter(({ isMoe }) => isMoe)
  const sizes = groupBy(
    models.filter(({ isMoe }) => !isMoe),
    ({ total }) => total
  )
  const dense = [...sizes.values()]
    .map(([first, ...others]) => others.reduce((best, each) => (each.loss < best.loss ? each : best), first))
    .toSorted((a, b) => a.total - b.total)
  if (dense.length < 2 || moe.length === 0) return undefined
  const family = denseFamily(
    dense.map(({ key, total, runs }) => ({ id: key, parameters: total, reports: reportsOf(runs) }))
  )
  const measured = moe.map((model) => ({
    ...model,
    worth: modelWorth(family, { id: model.key, active: model.active, reports: reportsOf(model.runs) }).total
  }))
  return { family, dense, moe: measured.toSorted((a, b) => a.total - b.total) }
}

function trainedSeeds(key: string, runs: readonly [SweepRun, ...SweepRun[]]) {
  const [first] = runs
  const { training } = first
  if (!training?.config) return undefined
  const architecture = readConfig(training.config)
  const { total, active } = countParameters(architecture)
  // A seed that was asked for twice, with other settings that the sweep does not vary, is one run.
  const [own = first, ...more] = [...new Map(runs.map((run) => [run.training?.recipe.seed, run])).values()]
  const unique = [own, ...more] as const
  return {
    key,
    runs: unique,
    total,
    active: active.all,
    isMoe: moeLayers(architecture).length > 0,
    loss: meanOf(unique.flatMap(({ training: each }) => each?.result.loss ?? [])),
    text: `${architecture.layers.length} layers, ${trainedOn(training)}`
  }
}

function reportsOf(runs: readonly SweepRun[]) {
  return runs.flatMap(({ training }) => training ?? [])
}
