/** A run of a sweep as its files tell it: how far it is, and its figures once it is whole. */
import { FormatError } from '../../formats/format-error'
import { readTrainingReport, type TrainingReport } from '../../formats/training-report'
import { reasonOf } from '../../reason'
import { reportName, trainForm } from '../kinds/train'
import { readRecord } from '../queue'
import type { RunFiles } from '../store'
import { type Figures, figuresByKind, type RunSize, trainingFigures } from './figures'
import { type ListedRun, logName } from './folder'
import { type Cell, runSettings, settingsOf } from './settings'

/**
 * - `whole`: its result is there
 * - `begun`: computed by somebody, or left by who computed it; `done` from 0 to 1
 * - `failed`: tried and given up, for `reason`, the last line of its log
 * - `missing`: nobody has begun it
 * - `damaged`: it counts as whole, but its result cannot be read
 */
export type SweepRunState =
  | { readonly kind: 'whole' | 'missing' }
  | { readonly kind: 'begun'; readonly done: number }
  | { readonly kind: 'failed' | 'damaged'; readonly reason: string }

/** The part of a training's report that pictures of a sweep are drawn from. */
export type SweptTraining = Pick<
  TrainingReport,
  'config' | 'corpus' | 'recipe' | 'characters' | 'flops' | 'result' | 'floor'
>

export interface SweepRun {
  readonly id: string
  readonly kind: string
  /** The settings that the sweep varies, by path. */
  readonly varied: Readonly<Record<string, Cell>>
  /** Every setting, by path. */
  readonly settings: Readonly<Record<string, Cell>>
  readonly size: RunSize
  readonly state: SweepRunState
  /** Empty until it is whole. */
  readonly figures: Figures
  /** Of a training that is whole. */
  readonly training: SweptTraining | undefined
  /** Validation losses on the way of a training: `[characters, nats per character]`. */
  readonly curve: readonly (readonly [characters: number, loss: number])[]
}

/** A run of which nothing is there yet. */
export function missingRun({ id, kind, varied, spec, asked, size }: ListedRun): SweepRun {
  return {
    id,
    kind,
    varied: settingsOf(varied),
    settings: runSettings({ asked, spec }),
    size,
    state: { kind: 'missing' },
    figures: {},
    training: undefined,
    curve: []
  }
}

/**
 * Reads a run from its files. A result that is damaged is a state of the run; what the files themselves throw is thrown.
 * Of a kind that is not known here there are no figures.
 */
export async function readSweepRun(listed: ListedRun, files: Pick<RunFiles, 'read'>): Promise<SweepRun> {
  const run = missingRun(listed)
  const record = await readRecord({ files: () => files as RunFiles }, listed.id)
  if (record?.status === 'finished') {
    try {
      return { ...run, ...(await resultOf(listed, files)), state: { kind: 'whole' } }
    } catch (error) {
      if (!(error instanceof FormatError)) throw error
      return { ...run, state: { kind: 'damaged', reason: reasonOf(error) } }
    }
  }
  const log = await files.read(logName)
  const reason = log && givenUp(new TextDecoder().decode(log))
  if (reason !== undefined) return { ...run, state: { kind: 'failed', reason } }
  return record ? { ...run, state: { kind: 'begun', done: record.done } } : run
}

async function resultOf(
  { kind, size }: ListedRun,
  files: Pick<RunFiles, 'read'>
): Promise<Pick<SweepRun, 'figures' | 'training' | 'curve'>> {
  if (kind !== trainForm.kind) {
    const figures = (await figuresByKind[kind]?.(files, size)) ?? {}
    return { figures, training: undefined, curve: [] }
  }
  const bytes = await files.read(reportName)
  if (!bytes) throw new FormatError(`${reportName} is missing`)
  const report = readTrainingReport(bytes)
  const { config, corpus, recipe, characters, flops, result, floor } = report
  return {
    figures: trainingFigures(report, size),
    training: { corpus, recipe, characters, flops, result, ...(config ? { config } : {}), ...(floor ? { floor } : {}) },
    curve: report.curve.map(({ characters: at, loss }) => [at, loss])
  }
}

/** The reason of the last of three attempts, which is the line under its heading; undefined while there are more to come. */
function givenUp(log: string): string | undefined {
  const lines = log.split('\n')
  const last = lines.findLastIndex((line) => / attempt \d+ of \d+ on /.test(line))
  const [, attempt, of] = / attempt (\d+) of (\d+) on /.exec(lines[last] ?? '') ?? []
  return attempt !== undefined && attempt === of ? (lines[last + 1] ?? '') : undefined
}
