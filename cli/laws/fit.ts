/** `moescope laws fit`: a law of one's own, from the reports of trainings. */
import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { readConfig } from '@core/arch/runnable'
import { FormatError } from '@core/formats/format-error'
import { jsonOf } from '@core/formats/json'
import { readTrainingReport, type TrainingReport } from '@core/formats/training-report'
import { type FittedLaw, fitLaw, type Interval } from '@core/scaling/fit-law'
import {
  type DenseTrainings,
  denseTrainings,
  type ReportedTraining,
  type SpentBudget,
  spentBudgets
} from '@core/scaling/trainings'
import { reasonOf } from '../../node/reason'
import { FailureError } from '../terminal/errors'
import { readExisting, readIfThere } from '../terminal/files'
import { readOptions } from '../terminal/options'
import { tableLines } from '../terminal/table'
import type { Terminal } from '../terminal/terminal'
import { amountText } from './text'

export const fitHelp = `usage: moescope laws fit PATH... [options]

Fits L = E + A/N^alpha + B/D^beta to trainings: to their reports (training.json), or all reports in folders. N are the
total parameters of dense models; those with experts, and those that read a small text more than twice, are left out and
counted. E is the entropy of the generated corpus, which is known; it is fitted beside for comparison. Intervals are
95 %, by bootstrap over the trainings. Where three or more sizes spent the same compute, the best size is told.

  --json        {law: {E, A, B, alpha, beta, intervals, error, size_exponent, ...}, fitted_floor: {...} or null,
                budgets: [{flops, sizes, parameters, loss}], trainings, left_out: {experts, repeated, unknown}}
`

export async function fit(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readOptions(args, { json: { type: 'boolean' } }, ['PATH...'])
  const found = await readReports(positionals)
  const { points, floor, leftOut } = refused(() => denseTrainings(found))
  const law = refused(() => fitLaw(points, floor))
  const free = attempt(() => fitLaw(points))
  const budgets = spentBudgets(points)
  if (values.json) {
    const result = {
      law: jsonOfLaw(law),
      fitted_floor: free ? jsonOfLaw(free) : null,
      budgets: budgets.map(({ flops, points, best }) => ({
        flops,
        sizes: points.length,
        parameters: best?.parameters ?? null,
        loss: best?.loss ?? null
      })),
      trainings: points.length,
      left_out: leftOut
    }
    terminal.write(`${JSON.stringify(result)}\n`)
  } else terminal.write(textOf(law, free, budgets, leftOut, terminal))
}

/** Reports, or all reports in folders, whatever their files are called. Throws a `FailureError` where there are none. */
async function readReports(paths: readonly string[]): Promise<ReportedTraining[]> {
  const found: ReportedTraining[] = []
  for (const path of paths) {
    const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false
    const files = isFolder ? await jsonFiles(path) : [path]
    for (const file of files) {
      const bytes = await readExisting(file)
      if (!isFolder || isReport(bytes, file)) found.push(await withArchitecture(file, readTrainingReport(bytes, file)))
    }
  }
  if (found.length > 0) return found
  throw new FailureError(`${paths.join(', ')}: there are no reports of trainings, as training.json is one`)
}

async function jsonFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true })
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name))
}

function isReport(bytes: Uint8Array, path: string): boolean {
  const json = attempt(() => jsonOf(bytes, path))
  return typeof json === 'object' && json !== null && 'format' in json && json.format === 'moescope.training/1'
}

/** Reports from before they held the config.json lie beside it, those of further seeds in a folder beside it. */
async function withArchitecture(path: string, report: TrainingReport): Promise<ReportedTraining> {
  if (report.config) return { report, architecture: readConfig(report.config) }
  for (const folder of [dirname(path), dirname(dirname(path))]) {
    const place = join(folder, 'config.json')
    const bytes = await readIfThere(place)
    if (bytes) return { report, architecture: readConfig(jsonOf(bytes, place)) }
  }
  return { report, architecture: undefined }
}

function jsonOfLaw({ fit, intervals, error, sizeExponent, sizeExponentInterval, floorKnown }: FittedLaw) {
  return {
    ...fit,
    floor_known: floorKnown,
    intervals,
    error,
    size_exponent: sizeExponent,
    size_exponent_interval: sizeExponentInterval
  }
}

function textOf(
  law: FittedLaw,
  free: FittedLaw | undefined,
  budgets: readonly SpentBudget[],
  leftOut: DenseTrainings['leftOut'],
  { paint }: Terminal
): string {
  const { fit, intervals, points } = law
  const constants = (['A', 'alpha', 'B', 'beta'] as const).map((name) => [
    name,
    fit[name].toPrecision(3),
    intervalText(intervals[name])
  ])
  const sizes = points.map(({ parameters }) => parameters)
  const lengths = points.map(({ tokens }) => tokens)
  const left = Object.entries({
    'with experts': leftOut.experts,
    'that read a small text again and again': leftOut.repeated,
    'whose architecture nothing says': leftOut.unknown
  }).flatMap(([which, count]) => (count > 0 ? [`${count} ${which}`] : []))
  const [heading = '', ...rows] = tableLines([
    ['', 'fitted', '95 % interval'],
    ['E', fit.E.toPrecision(3), law.floorKnown ? 'known: the entropy of the corpus' : intervalText(intervals.E)],
    ...constants,
    ['beta / (alpha + beta)', law.sizeExponent.toPrecision(3), intervalText(law.sizeExponentInterval)]
  ])
  return `${[
    paint.bold('L = E + A/N^alpha + B/D^beta'),
    `${points.length} trainings of dense models, N ${rangeText(sizes)}, D ${rangeText(lengths)}; ` +
      `relative error ${(100 * law.error).toPrecision(2)} %`,
    ...(left.length > 0 ? [paint.dim(`left out: ${left.join(', ')}`)] : []),
    '',
    paint.dim(heading),
    ...rows,
    ...(free && law.floorKnown
      ? ['', `With E fitted too: ${free.fit.E.toPrecision(3)} (${intervalText(free.intervals.E)})`]
      : []),
    ...(budgets.length > 0
      ? ['', ...tableLines([['training FLOPs', 'sizes', 'best N', 'loss there'], ...budgets.map(budgetRow)])]
      : [])
  ].join('\n')}\n`
}

function budgetRow({ flops, points, best }: SpentBudget): string[] {
  const found = best ? [amountText(best.parameters), best.loss.toFixed(3)] : ['not among them', '']
  return [flops.toExponential(1), String(points.length), ...found]
}

function intervalText({ low, high }: Interval): string {
  return `${low.toPrecision(3)} to ${high.toPrecision(3)}`
}

function rangeText(values: readonly number[]): string {
  return `${amountText(Math.min(...values))} to ${amountText(Math.max(...values))}`
}

/** Reports that cannot be fitted are a failure of the command, not a fault. */
function refused<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw error instanceof RangeError ? new FailureError(reasonOf(error), { cause: error }) : error
  }
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch (error) {
    if (error instanceof RangeError || error instanceof FormatError) return undefined
    throw error
  }
}
