/** `moescope bench sweep`: the part of a sweep's time that is not its runs' own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readTrainingReport } from '@core/formats/training-report'
import { reportName } from '@core/lab/kinds/train'
import { openSweepFolder, type SweepFolder } from '../sweep/folder'
import { queueVariable } from '../sweep/queue/server'
import { runChild, startChild } from '../terminal/children'
import { FailureError, InterruptionError } from '../terminal/errors'
import { numberWithin, readOptions, wholeNumber } from '../terminal/options'
import type { Terminal } from '../terminal/terminal'

/** Seconds of all runs of a sweep together. */
interface OwnTime {
  /** From the moment at which a run begins to compute until its model is written: sessions, steps, evaluation, files. */
  readonly whole: number
  /** Of training steps alone. */
  readonly steps: number
}

interface Trial {
  readonly runs: number
  readonly workers: number
  /** From the beginning of the command to its end, in seconds. */
  readonly wall: number
  readonly own: OwnTime
  /** `(workers * wall - own) / own` */
  readonly overhead: OwnTime
}

/** Steps of the runs by whose speed those of the trial are as long as they are asked to be. */
const stepsToTime = 200

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values } = readOptions(args, {
    runs: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '1' },
    workers: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false }
  })
  const runs = wholeNumber('--runs', values.runs, 1, 1_000_000)
  const seconds = numberWithin('--seconds', values.seconds, 0.01, 3600)
  const workers = wholeNumber('--workers', values.workers, 1, 1024)
  const signal = terminal.interruption()
  const folder = await mkdtemp(join(tmpdir(), 'moescope-bench-'))
  const tried = (name: string, count: number, steps: number) =>
    trial({ folder: join(folder, name), runs: count, steps, workers }, terminal, signal)
  try {
    const { own } = await tried('first', 2 * workers, stepsToTime)
    const steps = Math.max(1, Math.round((2 * workers * stepsToTime * seconds) / own.whole))
    const found = await tried('trial', runs, steps)
    terminal.write(values.json ? `${JSON.stringify(found)}\n` : textOf(found))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function trial(
  { folder, runs, steps, workers }: { folder: string; runs: number; steps: number; workers: number },
  terminal: Pick<Terminal, 'program'>,
  signal: AbortSignal
): Promise<Trial> {
  const file = `${folder}.json`
  await writeFile(file, JSON.stringify(shortTrainings(steps, runs)))
  // A worker computes the runs that a queue gives.
  const byQueue = (process.env[queueVariable] ?? '') !== ''
  const slots = ['--slots', String(workers)]
  const worker = byQueue ? startChild(terminal, ['worker', '--store', folder, ...slots], 'inherit') : undefined
  const begun = performance.now()
  const status = await runChild(
    terminal,
    ['sweep', file, '--out', folder, '--workers', String(workers), '--yes', '--json'],
    { listener: { output: () => undefined, error: (line) => process.stderr.write(`${line}\n`) }, signal }
  ).finally(() => worker?.disconnect())
  if (signal.aborted) throw new InterruptionError('interrupted')
  if (status !== 0) throw new FailureError('the sweep of the trial has failed')
  const wall = (performance.now() - begun) / 1000
  const own = await ownTime(await openSweepFolder(folder))
  const over = (part: number) => (workers * wall - part) / part
  return { runs, workers, wall, own, overhead: { whole: over(own.whole), steps: over(own.steps) } }
}

function shortTrainings(steps: number, runs: number) {
  const [batch, context] = [8, 64]
  return {
    kind: 'train',
    base: {
      architecture: { kind: 'moe', width: 32, layers: 2, experts: 4, context },
      corpus: { characters: 100_000, validation_characters: 5000 },
      recipe: { learning_rate: 0.01, batch, characters: batch * context * steps }
    },
    grid: { 'recipe.seed': Array.from({ length: runs }, (_, seed) => seed) }
  }
}

async function ownTime({ runs, readList, finished }: SweepFolder): Promise<OwnTime> {
  let [whole, steps] = [0, 0]
  for (const { id } of await readList()) {
    const [record, report] = [await finished(id), await runs.files(id).read(reportName)]
    if (record?.started === undefined || record.ended === undefined || !report) {
      throw new FailureError(`${id} is not whole`)
    }
    whole += (record.ended - record.started) / 1000
    steps += readTrainingReport(report).seconds
  }
  return { whole, steps }
}

function textOf({ runs, workers, wall, own, overhead }: Trial): string {
  const percent = (part: number) => `${(100 * part).toFixed(1)} %`
  return [
    `${runs} trainings by ${workers} workers: ${wall.toFixed(1)} s`,
    `their own time ${own.whole.toFixed(1)} s, of which steps ${own.steps.toFixed(1)} s`,
    `overhead ${percent(overhead.whole)} of their own time; everything besides steps ${percent(overhead.steps)} of the steps`,
    ''
  ].join('\n')
}
