/** `moescope sweep report`: tables and pictures of what a sweep came to. */
import { readTrainingReport, type TrainingReport } from '@core/formats/training-report'
import { groupBy } from '@core/group-by'
import { reportName, trainForm } from '@core/lab/kinds/train'
import { sweepBudgets } from '@core/lab/sweep/budgets'
import { type Cell, settingsOf } from '@core/lab/sweep/settings'
import { overSeeds, type SeedGroup, variedPaths } from '@core/lab/sweep/summary'
import { meanOf, spreadOf } from '@core/scaling/spread'
import type { SpentBudget } from '@core/scaling/trainings'
import { FailureError } from '../terminal/errors'
import { lossText, sizeText } from '../terminal/model-figures'
import { readOptions } from '../terminal/options'
import { tableLines } from '../terminal/table'
import type { Terminal } from '../terminal/terminal'
import { openSweepFolder, type SweepFolder } from './folder'
import type { Picture, PicturePoint } from './picture'
import { type ResultRow, wholeRows, writeResults } from './results'

export async function report(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readOptions(args, { json: { type: 'boolean', default: false } }, ['DIR'])
  const [path = ''] = positionals
  const folder = await openSweepFolder(path)
  const list = await folder.readList()
  const whole = await wholeRows(list, folder)
  const rows = list.flatMap(({ id }) => whole.get(id) ?? [])
  if (rows.length === 0) throw new FailureError(`${path}: none of its ${list.length} runs is whole`)
  await writeResults(rows, folder)
  const runs = rows.map(({ run: { varied }, figures }) => ({ varied: settingsOf(varied), figures }))
  const groups = overSeeds(runs, 'loss').toSorted((a, b) => a.mean - b.mean)
  const paths = variedPaths(runs)
  const budgets = sweepBudgets(await reportsOf(rows, folder))
  const pictures = picturesOf(groups, paths)
  const { pictureSvg } = await import('./picture')
  const files: string[] = []
  for (const [name, picture] of Object.entries(pictures)) {
    files.push(await folder.write(`report/${name}.svg`, pictureSvg(picture)))
  }
  if (values.json) {
    const best = budgets.map(({ flops, points, best }) => ({ flops, sizes: points.length, best: best ?? null }))
    const all = groups.map(({ varied, figures, mean, deviation, seeds }) => ({
      varied,
      total: figures.total ?? null,
      active: figures.active ?? null,
      flops: figures.flops ?? null,
      loss: { mean, deviation, seeds }
    }))
    terminal.write(`${JSON.stringify({ runs: list.length, whole: rows.length, groups: all, budgets: best, files })}\n`)
    return
  }
  terminal.write(textOf({ groups, paths, budgets, files, whole: rows.length, all: list.length }, terminal))
}

interface Told {
  readonly groups: readonly SeedGroup[]
  readonly paths: readonly string[]
  readonly budgets: readonly SpentBudget[]
  readonly files: readonly string[]
  readonly whole: number
  readonly all: number
}

function textOf({ groups, paths, budgets, files, whole, all }: Told, { paint }: Terminal): string {
  const table = (rows: readonly (readonly string[])[]) => {
    const [heading = '', ...lines] = tableLines(rows)
    return [paint.dim(heading), ...lines]
  }
  const figure = (value: Cell | undefined, text: (value: number) => string) =>
    typeof value === 'number' ? text(value) : ''
  const byGroup = groups.map(({ varied, figures, mean, deviation, seeds }) => [
    paths.map((path) => cellText(varied[path])).join(', ') || 'all',
    lossText({ mean, deviation }),
    String(seeds),
    figure(figures.total, sizeText),
    figure(figures.active, sizeText),
    figure(figures.flops, (flops) => flops.toExponential(2))
  ])
  const bySetting = paths.flatMap((path) => {
    const rows = [...groupBy(groups, ({ varied }) => cellText(varied[path]))].map(([value, [first, ...rest]]) => {
      const means = [first, ...rest].map(({ mean }) => mean)
      return [`  ${value}`, lossText(spreadOf(means)), String(means.length)]
    })
    return ['', ...table([[path, 'loss', 'settings'], ...rows])]
  })
  const spent = budgets.map(({ flops, points, best }) => [
    flops.toExponential(1),
    String(points.length),
    best ? sizeText(best.parameters) : 'not among them',
    best ? best.loss.toFixed(3) : ''
  ])
  return `${[
    `${whole} of ${all} runs are whole; losses in nats per character, mean ± deviation over seeds, best first`,
    '',
    ...table([[paths.join(', ') || 'settings', 'loss', 'seeds', 'total', 'active', 'training FLOPs'], ...byGroup]),
    ...bySetting,
    ...(spent.length > 0 ? ['', ...table([['equal compute', 'trainings', 'best size', 'loss there'], ...spent])] : []),
    '',
    ...files
  ].join('\n')}\n`
}

/** The reports of the trainings among them. */
async function reportsOf(rows: readonly ResultRow[], { runs }: Pick<SweepFolder, 'runs'>): Promise<TrainingReport[]> {
  const read: TrainingReport[] = []
  for (const { run } of rows) {
    const bytes = run.kind === trainForm.kind ? await runs.files(run.id).read(reportName) : undefined
    if (bytes) read.push(readTrainingReport(bytes))
  }
  return read
}

/** Loss against the sizes and the compute, and against each setting that is a number. */
function picturesOf(groups: readonly SeedGroup[], paths: readonly string[]): Record<string, Picture> {
  const kindOf = ({ figures: { total, active } }: SeedGroup) =>
    typeof total === 'number' && typeof active === 'number' && total > active ? 'MoE' : 'dense'
  const against = (xOf: (group: SeedGroup) => Cell | undefined): PicturePoint[] =>
    groups.flatMap((group) => {
      const x = xOf(group)
      if (typeof x !== 'number') return []
      const spread = group.deviation === null ? {} : { deviation: group.deviation }
      return [{ x, y: group.mean, ...spread, series: kindOf(group) }]
    })
  const floors = [...new Set(groups.map(({ figures }) => figures.floor))]
  const [floor] = floors.length === 1 ? floors : []
  const least = typeof floor === 'number' ? { floor: { value: floor, name: 'floor' } } : {}
  const yLabel = 'validation loss, nats per character'
  const drawn = (title: string, xLabel: string, points: readonly PicturePoint[]): Picture => ({
    title,
    xLabel,
    yLabel,
    points,
    xScale: points.every(({ x }) => x > 0) && spans(points.map(({ x }) => x)) ? 'log' : 'linear',
    ...least
  })
  const all = {
    'loss-total': drawn(
      'Loss against total parameters',
      'total parameters',
      against(({ figures }) => figures.total)
    ),
    'loss-active': drawn(
      'Loss against active parameters',
      'active parameters, convention all',
      against(({ figures }) => figures.active)
    ),
    'loss-flops': drawn(
      'Loss against training compute',
      'training FLOPs',
      against(({ figures }) => figures.flops)
    ),
    ...Object.fromEntries(
      paths.map((path) => [
        `loss-by-${path.replace(/[^\w.-]/g, '-')}`,
        drawn(`Loss by ${path}`, path, overValues(against(({ varied }) => varied[path])))
      ])
    )
  }
  return Object.fromEntries(Object.entries(all).filter(([, { points }]) => points.length > 0))
}

/** One point for each value and kind: the mean over all else, with its deviation. */
function overValues(points: readonly PicturePoint[]): PicturePoint[] {
  return [...groupBy(points, ({ x, series }) => `${x} ${series}`).values()].map(([first, ...rest]) => {
    if (rest.length === 0) return first
    const ys = [first, ...rest].map(({ y }) => y)
    const { deviation } = spreadOf(ys)
    return { x: first.x, y: meanOf(ys), series: first.series, ...(deviation === null ? {} : { deviation }) }
  })
}

/** True of values that span more than a factor of 4. */
function spans(values: readonly number[]): boolean {
  return Math.max(...values) > 4 * Math.min(...values)
}

function cellText(value: Cell | undefined): string {
  return value === undefined || value === null ? '' : String(value)
}
