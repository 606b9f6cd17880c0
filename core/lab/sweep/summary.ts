/** Tables of a sweep: what a figure comes to for each value of what was varied, over seeds and over all else. */
import { groupBy } from '../../group-by'
import { type Spread, spreadOf } from '../../scaling/spread'
import type { Cell } from './settings'

/** A run with a figure, by the settings that the sweep varies. */
export interface VariedRun {
  readonly varied: Readonly<Record<string, Cell>>
  readonly figures: Readonly<Record<string, Cell>>
}

/** Runs that differ in their seed alone. */
export interface SeedGroup extends Spread {
  /** Without the seed. */
  readonly varied: Readonly<Record<string, Cell>>
  /** Of the first of them; sizes and FLOPs are those of all. */
  readonly figures: Readonly<Record<string, Cell>>
}

/** True of the path of a seed, over which figures are averaged. */
export function isSeed(path: string): boolean {
  return path === 'seed' || path.endsWith('.seed')
}

/** The settings in which runs differ besides their seeds. */
export function withoutSeeds(varied: VariedRun['varied']): VariedRun['varied'] {
  return Object.fromEntries(Object.entries(varied).filter(([path]) => !isSeed(path)))
}

/** The runs in groups that differ in seeds alone, with mean and spread of a figure; runs without it are left out. */
export function overSeeds(runs: readonly VariedRun[], figure: string): SeedGroup[] {
  const measured = runs.flatMap(({ varied, figures }) => {
    const value = figures[figure]
    if (typeof value !== 'number') return []
    return [{ varied: withoutSeeds(varied), figures, value }]
  })
  return [...groupBy(measured, ({ varied }) => JSON.stringify(varied)).values()].map(([first, ...rest]) => ({
    varied: first.varied,
    figures: first.figures,
    ...spreadOf([first, ...rest].map(({ value }) => value))
  }))
}

/** The paths that a sweep varies, seeds apart, each with more than one value. */
export function variedPaths(runs: readonly VariedRun[]): string[] {
  const paths = new Set(runs.flatMap(({ varied }) => Object.keys(varied)))
  return [...paths].filter(
    (path) => !isSeed(path) && new Set(runs.map(({ varied }) => JSON.stringify(varied[path] ?? null))).size > 1
  )
}
