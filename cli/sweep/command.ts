/** `moescope sweep`: many runs of one kind, here or on several machines. */
import { availableParallelism } from 'node:os'
import { FailureError, InterruptionError, UsageError } from '../terminal/errors'
import { mapped, writeJsonLines } from '../terminal/json-lines'
import { openModelStore } from '../terminal/model-store'
import { oneOf, readOptions, wholeNumber } from '../terminal/options'
import { createProgress } from '../terminal/progress'
import type { Terminal } from '../terminal/terminal'
import { logPath } from './attempts'
import { dryRun } from './dry-run'
import { emitJob, schedulers } from './emit'
import { type ListedRun, openSweepFolder, type SweepFolder } from './folder'
import { sweepKinds } from './kinds'
import { mostRuns, type PlannedRun, planRuns, readSweep, refuseMany, variedText } from './plan'
import { followQueue } from './queue/follow'
import { queueVariable } from './queue/server'
import { report } from './report'
import { isTabled, type ResultRow, readRows, resultRow, writeResults } from './results'
import type { Outcome } from './slot'
import { isBucket } from './store/open'
import { workThrough } from './work'

export const help = `usage: moescope sweep FILE --out DIR [options]
       moescope sweep report DIR [--json]

Computes many runs of one kind, and leaves their table in DIR: results.parquet and results.csv, with every setting and
every figure. Each run is addressed by the hash of its spec: the same command computes only what is missing, and goes on
with what was interrupted. A run that fails is tried three times, then reported with its log, and stops no other. Several
of these commands may work in one DIR, also from several machines that share it.

  --out DIR      the folder of the sweep: DIR/runs/ID holds what each run leaves; or s3://BUCKET/PREFIX, with AWS_ACCESS_KEY_ID,
                 AWS_SECRET_ACCESS_KEY, AWS_REGION and, for other servers, AWS_ENDPOINT_URL_S3 in the environment
  --workers N    runs at the same time, each in a process of its own (default as many as there are cores)
  --queue URL    gives the runs to the workers at a queue (moescope worker --help), and follows them until they end:
                 redis://HOST:6379 (Redis 7, Valkey) or postgres://USER@HOST:5432/DATABASE, with user and password in the
                 URL or, better, the whole URL in the environment as ${queueVariable}; --queue '' keeps the runs here.
                 Ctrl+C only ends the following
  --threads N    of the processor, for each run (default 1); results are bit-identical with the same number
  --dry-run      only lists the runs, their parameters, training FLOPs and expected time
  --emit NAME    slurm or kubernetes: computes nothing, and writes into DIR/NAME a job whose tasks compute the list of
                 runs, with --workers each, and a README
  --parts N      tasks of that job, each on a machine (default 8)
  --yes          also more than ${mostRuns.toLocaleString('en')} runs
  --json         one JSON object a line, as always where standard output is no terminal:
                 {run, kind, varied, settings, figures} for each run that is whole, {run, kind, varied, failed, log}
                 for each that has failed

FILE is JSON or YAML (.yaml, .yml):

  kind: train
  base: {architecture: {kind: moe, width: 32}, recipe: {learning_rate: 0.01, characters: 400000}}
  grid:
    architecture.experts: [4, 8, 16]
    recipe.seed: [1, 2, 3]

  kind    of its runs, each with a spec of this form; models and texts are named by paths from FILE
          ${sweepKinds.map((each) => each.help).join('\n          ')}
  base    the spec that every run begins with
  list    the specs themselves, or beside a base what each has in other ways
  grid    settings by their paths, each with its values: every combination runs
  random  {"count", "seed": 1, "values": {PATH: [...] or {"min", "max", "distribution": "uniform"}}}, settings that are
          drawn count times, each draw at every point of the grid. A distribution is uniform, log_uniform_values or
          int_uniform

moescope sweep report draws the losses of a sweep against what was varied, as tables and as pictures in DIR/report.
Exit status 0 when every run is whole, 1 when one has failed, 2 for wrong usage, 130 when interrupted.
`

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const [first, ...rest] = args
  if (first === 'report') return report(rest, terminal)
  const { values, positionals } = readOptions(
    args,
    {
      out: { type: 'string' },
      workers: { type: 'string' },
      queue: { type: 'string', default: process.env[queueVariable] ?? '' },
      threads: { type: 'string', default: '1' },
      emit: { type: 'string' },
      parts: { type: 'string', default: '8' },
      'dry-run': { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false }
    },
    ['FILE']
  )
  const [path = ''] = positionals
  const { out } = values
  if (out === undefined || out === '') throw new UsageError('--out DIR is missing')
  const most = availableParallelism()
  const workers = values.workers === undefined ? most : wholeNumber('--workers', values.workers, 1, 1024)
  const threads = wholeNumber('--threads', values.threads, 1, 1024)
  const emitted = values.emit === undefined ? undefined : oneOf('--emit', values.emit, schedulers)
  const parts = wholeNumber('--parts', values.parts, 1, 1000)
  const asLines = values.json || !terminal.outputIsRead
  const sweep = await readSweep(path)
  refuseMany(sweep, path, values.yes)
  const models = await openModelStore(terminal.modelsFolder)
  const planned = await planRuns(sweep, { path, models, threads })
  if (values['dry-run']) return dryRun(planned, { out, workers, threads, asLines }, terminal)
  if (emitted && isBucket(out)) throw new UsageError('--emit: a job is written into a folder, not into s3://')
  const folder = await openSweepFolder(out)
  await prepare(planned, folder, models)
  const isNew = await folder.writeList(planned)
  if (emitted) {
    const job = { parts: Math.min(parts, planned.length), slots: values.workers === undefined ? 1 : workers, threads }
    const files = await emitJob(emitted, folder, job)
    terminal.write(files.map((file) => `${file}\n`).join(''))
    return
  }
  const { queue: url } = values
  await computeAll(planned, { folder, isNew, asLines, terminal }, (missing, hearing) =>
    url === ''
      ? workThrough(missing, { folder, slots: workers, terminal, ...hearing })
      : followQueue(missing, { url, folder, terminal, ...hearing })
  )
}

/** Puts into the folder what runs need before they begin. */
async function prepare(
  planned: readonly PlannedRun[],
  { runs, keepModel }: SweepFolder,
  models: Awaited<ReturnType<typeof openModelStore>>
): Promise<void> {
  const named = new Map(planned.flatMap((run) => run.models.map(({ name, weights }) => [weights, name])))
  for (const [weights, name] of named) await keepModel(weights, () => models.files(name))
  for (const { id, files } of planned) {
    for (const { name, content } of files) await runs.files(id).write(name, content)
  }
}

interface Hearing {
  readonly signal: AbortSignal
  onProgress(run: ListedRun, done: number): void
  onEnd(run: ListedRun, outcome: Extract<Outcome, { kind: 'finished' | 'failed' }>): Promise<void>
}

/** Tells of the runs that are whole, has the others computed, and leaves the table of all. */
async function computeAll(
  list: readonly ListedRun[],
  { folder, isNew, asLines, terminal }: { folder: SweepFolder; isNew: boolean; asLines: boolean; terminal: Terminal },
  compute: (missing: readonly ListedRun[], hearing: Hearing) => Promise<unknown>
): Promise<void> {
  const signal = terminal.interruption()
  const { rows, tabled } = await readRows(list, folder)
  const failed: string[] = []
  const lineOf = ({ run, settings, figures }: ResultRow) => ({ ...nameOf(run), settings, figures })
  const finish = async (run: ListedRun) => {
    const row = await resultRow(run, folder)
    rows.set(run.id, row)
    if (asLines) terminal.write(`${JSON.stringify(lineOf(row))}\n`)
    return row
  }
  const missing = list.filter(({ id }) => !rows.has(id))
  if (asLines) await writeJsonLines(terminal, mapped(rowsOf(list, rows), lineOf))
  const before = rows.size
  const progress = createProgress(terminal, `${list.length} runs`)
  const done = new Map<string, number>()
  let sum = before
  const advance = ({ id }: ListedRun, share: number, note: string) => {
    sum += share - (done.get(id) ?? 0)
    done.set(id, share)
    progress.update(sum, list.length, note)
  }
  try {
    await compute(missing, {
      signal,
      onProgress: (run, share) => advance(run, share, `${rows.size} whole`),
      onEnd: async (run, outcome) => {
        progress.end()
        if (outcome.kind === 'finished') {
          const row = await finish(run)
          if (!asLines) terminal.write(`${run.id}  ${variedText(run.varied)}${lossOf(row)}\n`)
        } else {
          failed.push(run.id)
          const log = logPath(folder, run.id)
          terminal.tell(`${run.id} failed three times: ${outcome.reason}; see ${log}\n`)
          if (asLines) terminal.write(`${JSON.stringify({ ...nameOf(run), failed: outcome.reason, log })}\n`)
        }
        advance(run, 1, `${rows.size} whole`)
      }
    })
  } finally {
    progress.end()
    const all = [...rowsOf(list, rows)]
    if (isNew || all.length > before || !(await isTabled(all, tabled, folder))) await writeResults(all, folder)
  }
  if (signal.aborted) {
    throw new InterruptionError(`interrupted: ${rows.size} of ${list.length} runs are whole; the same command goes on`)
  }
  if (!asLines) {
    const already = before > 0 ? `, ${before} of them before` : ''
    terminal.write(`${rows.size} of ${list.length} runs are whole${already}; ${folder.pathOf('results.csv')}\n`)
  }
  if (failed.length > 0) {
    throw new FailureError(`${failed.length} of ${list.length} runs failed: ${failed.join(', ')}`)
  }
}

/** In the order of the list. */
function* rowsOf(list: readonly ListedRun[], rows: ReadonlyMap<string, ResultRow>): Generator<ResultRow> {
  for (const { id } of list) {
    const row = rows.get(id)
    if (row) yield row
  }
}

function nameOf({ id, kind, varied }: ListedRun) {
  return { run: id, kind, varied }
}

function lossOf({ figures: { loss } }: ResultRow): string {
  return typeof loss === 'number' ? `  loss ${loss.toFixed(3)}` : ''
}
