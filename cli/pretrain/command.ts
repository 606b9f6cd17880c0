/** `moescope pretrain`: the shipped models and studies, from nothing but this program. */
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { canonicalJson } from '@core/canonical-json'
import { currentEdition, type Edition } from '@core/corpus'
import { jsonOf, jsonText } from '@core/formats/json'
import { currentCorpus, inEdition, trainingReportSchema } from '@core/formats/training-report'
import { reportName } from '@core/lab/kinds/train'
import { trainSpec } from '@core/lab/train-spec'
import { families } from '@core/train/family'
import type { TrainingPlan } from '@core/train/fingerprint'
import { studies, studyIds } from '@core/train/studies'
import { forEachAtOnce, runChild } from '../terminal/children'
import { FailureError, interruptible, UsageError } from '../terminal/errors'
import { ensureWritableFolder, readIfThere, writeWhole } from '../terminal/files'
import { nativeBackend } from '../terminal/native'
import { oneOf, readOptions, wholeNumber } from '../terminal/options'
import type { Terminal } from '../terminal/terminal'
import { trainInFolder } from '../train/training'
import { shipModel, shippedCheckpoints } from './ship'

export const help = `usage: moescope pretrain [options]

Trains the family of shipped models, then the studies of scaling, of which only the reports are kept (iso-flop: dense
sizes at equal training FLOPs; repeated-text: a small text read forty times). What is done is skipped and what was
interrupted goes on, so it can be stopped at any time.

  --edition N     the family of this edition of the generated corpus: 1 or 2 (default the shipped one)
  --only ID,...   only these models or studies
  --seeds N       at most so many seeds of each (default: as many as the family asks for)
  --jobs N        models trained at the same time, one thread each (default 2); 0 only lists what is there
  --out DIR       where the models go (default assets/models)
  --work DIR      where unfinished runs are kept (default out/pretrain)
`

interface Pretraining {
  readonly edition: Edition
  /** The folder of what is finished. */
  readonly out: string
  /** The folder of unfinished runs. */
  readonly work: string
}

interface Run {
  /** Its own among all runs; part of a path. */
  readonly name: string
  /** The model or study that it is for. */
  readonly of: string
  readonly plan: TrainingPlan
  /** Number of checkpoints, the last model among them. */
  readonly checkpoints: number
  /** Path of its report in the folder of what is finished. */
  readonly report: string
  /** True when the model is kept, beside the report. */
  readonly model: boolean
}

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values } = readOptions(args, {
    edition: { type: 'string', default: String(currentEdition) },
    only: { type: 'string' },
    seeds: { type: 'string', default: '99' },
    jobs: { type: 'string', default: '2' },
    out: { type: 'string', default: 'assets/models' },
    work: { type: 'string', default: 'out/pretrain' },
    run: { type: 'string' }
  })
  const [seeds, jobs] = [wholeNumber('--seeds', values.seeds), wholeNumber('--jobs', values.jobs, 0)]
  const edition = Number(oneOf('--edition', values.edition, ['1', '2'])) as Edition
  const pretraining: Pretraining = { edition, out: resolve(values.out), work: resolve(values.work) }
  const all = runsOf(edition, seeds)
  if (values.run) {
    const found = all.find(({ name }) => name === values.run)
    if (!found) throw new UsageError(`'${values.run}' is no run of the family`)
    const signal = terminal.interruption()
    return interruptible(signal, trainOne(pretraining, found, signal))
  }
  const { out, work } = pretraining
  for (const folder of [out, work]) await ensureWritableFolder(folder)
  const wanted = values.only?.split(',')
  const unknown = wanted?.find((id) => !all.some(({ of }) => of === id))
  if (unknown) throw new UsageError(`no model of the family and no study is called '${unknown}'`)
  const runs = all.filter(({ of }) => wanted === undefined || wanted.includes(of))
  const pending: Run[] = []
  for (const each of runs) if (!(await isDone(each, out))) pending.push(each)
  say(`${runs.length - pending.length} of ${runs.length} runs are done`)
  await writeIndex(pretraining)
  await forEachAtOnce(jobs, pending, async (next) => {
    await trainInChild(terminal, pretraining, next)
    await writeIndex(pretraining)
  })
}

/** Writes which models and studies are there, with all their reports: a page cannot list a folder. */
async function writeIndex({ edition, out }: Pretraining): Promise<void> {
  const runs = runsOf(edition)
  const done = await Promise.all(runs.map((each) => isDone(each, out)))
  const reportsOf = (id: string) => runs.filter(({ of }, i) => of === id && done[i]).map(({ report }) => report)
  const whole = families[edition].filter(({ id }) => runs.some(({ of, model }, i) => of === id && model && done[i]))
  const models = await Promise.all(
    whole.map(async ({ id }) => {
      const checkpoints = await shippedCheckpoints(out, id)
      return { id, reports: reportsOf(id), ...(checkpoints.length > 0 ? { checkpoints } : {}) }
    })
  )
  const begun = studyIds.map((id) => ({ id, reports: reportsOf(id) })).filter(({ reports }) => reports.length > 0)
  await writeWhole(join(out, 'index.json'), jsonText({ models, ...(begun.length > 0 ? { studies: begun } : {}) }))
}

/**
 * All runs: every model once before any of them a second time, so that an interrupted run leaves a whole family, and the
 * studies last. The first seed's model is shipped, of the others the report alone.
 */
function runsOf(edition: Edition, mostSeeds = Number.POSITIVE_INFINITY): Run[] {
  const corpus = inEdition(currentCorpus, edition)
  const members = families[edition]
  const seeds = Math.min(mostSeeds, Math.max(...members.map((member) => member.seeds)))
  const ofFamily = Array.from({ length: seeds }, (_, i) => i + 1).flatMap((seed) =>
    members
      .filter((member) => seed <= member.seeds)
      .map(({ id, architecture, recipe, checkpoints }): Run => {
        const first = seed === 1
        return {
          name: `${id}-seed-${seed}`,
          of: id,
          plan: { architecture, corpus, recipe: { ...recipe, seed } },
          checkpoints: first ? checkpoints : 0,
          report: first ? `${id}/training.json` : `${id}/seeds/${seed}.json`,
          model: first
        }
      })
  )
  const ofStudies = studies[edition].map(({ study, id, ...plan }): Run => {
    const report = `studies/${study}/${id}.json`
    return { name: `${study}-${id}`, of: study, plan, checkpoints: 0, report, model: false }
  })
  return [...ofFamily, ...ofStudies]
}

async function isDone({ plan, report: name }: Run, out: string): Promise<boolean> {
  const path = join(out, name)
  const bytes = await readIfThere(path)
  if (bytes === undefined) return false
  const report = trainingReportSchema.safeParse(jsonOf(bytes, path))
  if (!report.success) return false
  const { corpus, recipe } = report.data
  return canonicalJson({ corpus, recipe }) === canonicalJson({ corpus: plan.corpus, recipe: plan.recipe })
}

async function trainInChild(terminal: Terminal, { edition, out, work }: Pretraining, each: Run): Promise<void> {
  const options = ['--run', each.name, '--edition', String(edition), '--out', out, '--work', work]
  const status = await runChild(terminal, ['pretrain', ...options])
  if (status !== 0) throw new FailureError(`training ${each.name} ended with status ${status}`)
}

async function trainOne({ out, work }: Pretraining, each: Run, signal: AbortSignal): Promise<void> {
  const { name, plan, checkpoints } = each
  const folder = join(work, name)
  say(`${name} begins`)
  const report = await trainInFolder({
    spec: trainSpec(plan, { count: checkpoints }),
    folder,
    backend: nativeBackend(1),
    signal,
    onEvent: (event) => {
      if (event.kind === 'validation') say(`${name} step ${event.point.step} loss ${event.point.loss.toFixed(4)}`)
    }
  })
  if (!report) return
  say(`${name} is done in ${report.seconds.toFixed(0)} s: validation ${report.result.loss.toFixed(4)}`)
  const path = join(out, each.report)
  if (each.model) await shipModel(folder, dirname(path), report.steps)
  await writeWhole(path, await readFile(join(folder, reportName)))
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
