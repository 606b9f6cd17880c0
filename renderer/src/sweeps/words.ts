/** Cells and groups of a sweep in words. */
import type { SweepRun, SweepRunState } from '@core/lab/sweep/read-run'
import type { Cell } from '@core/lab/sweep/settings'
import type { SeedGroup } from '@core/lab/sweep/summary'
import type { Spread } from '@core/scaling/spread'
import { formatCount, formatDuration, formatLoss, formatPercent } from '../charts/format'
import { formatBytes, formatPower } from '../charts/format-large'

/** A cell of a column, by the figure that it is. */
export function cellText(column: string, value: Cell): string {
  if (value === null) return ''
  if (typeof value !== 'number') return String(value)
  return (formats[column] ?? settingNumber)(value)
}

/** Large whole numbers as counts; the title of a cell has every digit. */
function settingNumber(value: number): string {
  return Number.isInteger(value) && value >= 10_000 ? formatCount(value) : String(value)
}

const formats: Readonly<Partial<Record<string, (value: number) => string>>> = {
  loss: formatLoss,
  loss_memory: formatLoss,
  loss_computation: formatLoss,
  delta: formatLoss,
  total: formatCount,
  active: formatCount,
  bytes: formatBytes,
  flops: formatPower,
  seconds: formatDuration
}

/** A run's state in a word or two. */
export function stateText(state: SweepRunState): string {
  if (state.kind === 'missing') return 'not begun'
  return state.kind === 'begun' ? `begun, ${formatPercent(state.done)}` : state.kind
}

/** The settings of a run or a group in a line: `dense, width 64`. A word says what it is; a number has its name. */
export function settingsText(varied: Readonly<Record<string, Cell>>, paths: readonly string[]): string {
  const parts = paths.flatMap((path) => {
    const value = varied[path] ?? null
    if (value === null) return []
    return typeof value === 'string' ? [value] : [`${path.split('.').at(-1)} ${cellText(path, value)}`]
  })
  return parts.join(', ')
}

/** `2.345 ± 0.012`, mean and standard deviation; of one seed the loss alone. */
export function spreadText({ mean, deviation }: Pick<Spread, 'mean' | 'deviation'>): string {
  return deviation === null ? formatLoss(mean) : `${formatLoss(mean)} ± ${formatLoss(deviation)}`
}

/** `3 seeds`. */
export function seedsText(seeds: number): string {
  return `${seeds} ${seeds === 1 ? 'seed' : 'seeds'}`
}

/** The seeds of groups in words: `3 seeds each`, `1 to 3 seeds`. */
export function seedsOfAll(groups: readonly Pick<Spread, 'seeds'>[]): string {
  const seeds = groups.map((group) => group.seeds)
  const [least, most] = [Math.min(...seeds), Math.max(...seeds)]
  if (groups.length === 0) return 'no seeds'
  return least === most ? `${seedsText(most)} each` : `${least} to ${seedsText(most)}`
}

/** Machines that whole runs were computed on, in words. */
export function machinesText(runs: readonly SweepRun[]): string {
  const machines = new Set(runs.flatMap(({ figures: { machine } }) => (typeof machine === 'string' ? [machine] : [])))
  const [first] = machines
  if (first === undefined) return 'where is not told'
  if (machines.size > 1) return `on ${machines.size} machines`
  // The name that a browser gives itself says little of the machine.
  return first.startsWith('Mozilla/') ? 'in a browser' : `on ${first}`
}

/** Dense or MoE, by the sizes. */
export function roleOf({ figures: { total, active } }: Pick<SeedGroup, 'figures'>): 'dense' | 'moe' {
  return typeof total === 'number' && typeof active === 'number' && total > active ? 'moe' : 'dense'
}
