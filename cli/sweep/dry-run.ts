/** A sweep as it would be: its runs, their sizes, training FLOPs and expected time. */
import { stat } from 'node:fs/promises'
import { trainFlopsPerToken } from '@core/arch/count/count'
import { timedBatch, trainStepToTime } from '@core/bench/train-step'
import { specBy } from '@core/lab/kind'
import { trainForm, trainingPlan } from '@core/lab/kinds/train'
import { secondsByNearest, type TrainingSpeed } from '@core/lab/sweep/expected'
import { initialWeights } from '@core/model/initial-weights'
import type { Backend } from '@core/runtime/backend'
import { writeJsonLines } from '../terminal/json-lines'
import { sizeText } from '../terminal/model-figures'
import { nativeBackend } from '../terminal/native'
import { tableLines } from '../terminal/table'
import type { Terminal } from '../terminal/terminal'
import { type ListedRun, openSweepFolder, storeName } from './folder'
import { variedText } from './plan'
import { wholeRows } from './results'
import { isBucket, openSweepStore } from './store/open'

export interface DryRun {
  readonly out: string
  /** Runs at the same time. */
  readonly workers: number
  readonly threads: number
  readonly asLines: boolean
}

/** Lists the runs, and tells what they would take; nothing is computed but some steps that are timed. */
export async function dryRun(list: readonly ListedRun[], options: DryRun, terminal: Terminal): Promise<void> {
  const { out, workers, threads, asLines } = options
  const { finished, speeds } = await whatIsThere(list, out)
  const missing = list.filter(({ id, size }) => !finished.has(id) && size.flops !== null)
  const known: readonly TrainingSpeed[] =
    speeds.length > 0 || missing.length === 0 ? speeds : await timedSpeeds(missing, nativeBackend(threads))
  const secondsFor = secondsByNearest(known)
  const secondsOf = ({ id, size: { flops } }: ListedRun) =>
    finished.has(id) ? 0 : flops === null ? null : secondsFor(flops)
  const basis = speeds.length > 0 ? `measured on ${speeds.length} runs in ${out}` : 'predicted from steps timed here'
  if (asLines) {
    const lines = list.map((run) => {
      const { id, kind, varied, size } = run
      return { run: id, kind, varied, ...size, finished: finished.has(id), seconds: secondsOf(run), basis }
    })
    return writeJsonLines(terminal, lines)
  }
  const rows = list.map((run) => {
    const { id, varied, size } = run
    const seconds = secondsOf(run)
    const time = finished.has(id) ? 'whole' : seconds === null ? '' : timeText(seconds)
    return [`${id}  ${variedText(varied)}`, sizeText(size.total), sizeText(size.active), flopsText(size.flops), time]
  })
  const [heading = '', ...lines] = tableLines([['run', 'total', 'active', 'training FLOPs', 'time'], ...rows])
  const flops = list.reduce((sum, { size }) => sum + (size.flops ?? 0), 0)
  const seconds = missing.reduce((sum, run) => sum + (secondsOf(run) ?? 0), 0)
  const all =
    missing.length === 0 ? '' : `; about ${timeText(seconds / workers)} with ${workers} at the same time, ${basis}`
  terminal.write(
    `${[
      terminal.paint.dim(heading),
      ...lines,
      `${list.length} runs, ${finished.size} of them whole${flops > 0 ? `; ${flopsText(flops)} FLOPs` : ''}${all}`
    ].join('\n')}\n`
  )
}

/** The runs that are whole in a folder, and how fast they were. */
async function whatIsThere(list: readonly ListedRun[], out: string) {
  const finished = new Set<string>()
  const speeds: TrainingSpeed[] = []
  const isThere = isBucket(out)
    ? (await (await openSweepStore(out)).read(storeName)) !== undefined
    : await stat(out).then(Boolean, () => false)
  if (!isThere) return { finished, speeds }
  const folder = await openSweepFolder(out)
  for (const [id, { figures }] of await wholeRows(list, folder)) {
    finished.add(id)
    const { flops, seconds } = figures
    if (typeof flops === 'number' && typeof seconds === 'number' && seconds > 0) speeds.push({ flops, seconds })
  }
  return { finished, speeds }
}

/** Steps that are timed after the first, which prepares. */
const timedSteps = 5

/** Times steps of the smallest, the middle and the largest training. */
async function timedSpeeds(list: readonly ListedRun[], backend: Backend): Promise<TrainingSpeed[]> {
  const sorted = list.toSorted((a, b) => (a.size.flops ?? 0) - (b.size.flops ?? 0))
  const places = new Set([0, Math.floor((sorted.length - 1) / 2), sorted.length - 1])
  const speeds: TrainingSpeed[] = []
  for (const { spec, size } of [...places].flatMap((place) => sorted[place] ?? [])) {
    const { architecture } = trainingPlan(specBy(trainForm, spec))
    const { session, run } = await trainStepToTime(backend, architecture, initialWeights(architecture, 1))
    try {
      await run()
      const times: number[] = []
      for (let step = 0; step < timedSteps; step++) {
        const begun = performance.now()
        await run()
        times.push((performance.now() - begun) / 1000)
      }
      const secondsOfStep = times.toSorted((a, b) => a - b)[Math.floor(timedSteps / 2)] ?? Number.NaN
      const flopsOfStep = trainFlopsPerToken(architecture) * timedBatch * architecture.context
      speeds.push({ flops: size.flops ?? 0, seconds: (secondsOfStep * (size.flops ?? 0)) / flopsOfStep })
    } finally {
      await session.release()
    }
  }
  return speeds
}

function flopsText(flops: number | null): string {
  return flops === null ? '' : flops.toExponential(2)
}

function timeText(seconds: number): string {
  if (seconds < 100) return `${seconds.toPrecision(2)} s`
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}
