/** `moescope pretrain`: the shipped models, from nothing but this program. */
import { spawn } from 'node:child_process'
import { cp, readFile } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { jsonOf, jsonText } from '@core/formats/json'
import { currentCorpus, trainingReportSchema } from '@core/formats/training-report'
import { recordName } from '@core/lab/store'
import { trainSpec } from '@core/lab/train-spec'
import type { FamilyMember } from '@core/train/family'
import { family } from '@core/train/family'
import { FailureError, interruptible, UsageError } from '../terminal/errors'
import { ensureWritableFolder, readIfThere, writeWhole } from '../terminal/files'
import { nativeBackend } from '../terminal/native'
import { readOptions, wholeNumber } from '../terminal/options'
import type { Terminal } from '../terminal/terminal'
import { trainInFolder } from '../train/training'

export const help = `usage: moescope pretrain [options]

Trains the family of shipped models. What is done is skipped and what was interrupted goes on, so it can be stopped at
any time.

  --only ID,...   only these models
  --seeds N       at most so many seeds of each (default: as many as the family asks for)
  --jobs N        models trained at the same time, one thread each (default 2); 0 only lists what is there
  --out DIR       where the models go (default assets/models)
  --work DIR      where unfinished runs are kept (default out/pretrain)
`

interface Run {
  readonly member: FamilyMember
  readonly seed: number
}

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values } = readOptions(args, {
    only: { type: 'string' },
    seeds: { type: 'string', default: '99' },
    jobs: { type: 'string', default: '2' },
    out: { type: 'string', default: 'assets/models' },
    work: { type: 'string', default: 'out/pretrain' },
    run: { type: 'string' }
  })
  const [seeds, jobs] = [wholeNumber('--seeds', values.seeds), wholeNumber('--jobs', values.jobs, 0)]
  const out = resolve(values.out)
  const work = resolve(values.work)
  if (values.run) {
    const signal = terminal.interruption()
    return interruptible(signal, trainOne(runOf(values.run), out, work, signal))
  }
  for (const folder of [out, work]) await ensureWritableFolder(folder)
  const wanted = values.only?.split(',')
  const unknown = wanted?.find((id) => !family.some((member) => member.id === id))
  if (unknown) throw new UsageError(`no model of the family is called '${unknown}'`)
  const members = family.filter(({ id }) => wanted === undefined || wanted.includes(id))
  const runs = firstSeedsFirst(members, seeds)
  const pending: Run[] = []
  for (const each of runs) if (!(await isDone(each, out))) pending.push(each)
  say(`${runs.length - pending.length} of ${runs.length} runs are done`)
  await writeIndex(out)
  const workers = Array.from({ length: jobs }, async () => {
    for (let next = pending.shift(); next; next = pending.shift()) {
      await trainInChild(next, out, work)
      await writeIndex(out)
    }
  })
  await Promise.all(workers)
}

/** Writes which models are there, with the reports of all their seeds: a page cannot list a folder. */
async function writeIndex(out: string): Promise<void> {
  const models = await Promise.all(
    family.map(async (member) => {
      const seeds = Array.from({ length: member.seeds }, (_, i) => ({ member, seed: i + 1 }))
      const done = await Promise.all(seeds.map((each) => isDone(each, out)))
      const reports = seeds.filter((_, i) => done[i]).map((each) => relative(out, reportPath(each, out)))
      return { id: member.id, reports: reports.map((path) => path.split(sep).join('/')), shipped: done[0] ?? false }
    })
  )
  const shipped = models.filter((each) => each.shipped).map(({ id, reports }) => ({ id, reports }))
  await writeWhole(join(out, 'index.json'), jsonText({ models: shipped }))
}

/** Every model once before any of them a second time, so that an interrupted run leaves a whole family. */
function firstSeedsFirst(members: readonly FamilyMember[], most: number): Run[] {
  const seeds = Math.min(most, Math.max(...members.map((member) => member.seeds)))
  return Array.from({ length: seeds }, (_, i) => i + 1).flatMap((seed) =>
    members.filter((member) => seed <= member.seeds).map((member) => ({ member, seed }))
  )
}

function nameOf({ member, seed }: Run): string {
  return `${member.id}:${seed}`
}

function runOf(name: string): Run {
  const [id, seed] = name.split(':')
  const member = family.find((each) => each.id === id)
  if (!member || !seed) throw new UsageError(`'${name}' is no run of the family`)
  return { member, seed: Number(seed) }
}

/** The report of a run: beside the weights for the first seed, in `seeds/` for the others, which ship no weights. */
function reportPath({ member, seed }: Run, out: string): string {
  return seed === 1 ? join(out, member.id, 'training.json') : join(out, member.id, 'seeds', `${seed}.json`)
}

async function isDone(each: Run, out: string): Promise<boolean> {
  const path = reportPath(each, out)
  const bytes = await readIfThere(path)
  if (bytes === undefined) return false
  const report = trainingReportSchema.safeParse(jsonOf(bytes, path))
  if (!report.success) return false
  const { corpus, recipe } = report.data
  return JSON.stringify({ corpus, recipe }) === JSON.stringify({ corpus: currentCorpus, recipe: recipeOf(each) })
}

function recipeOf({ member, seed }: Run) {
  return { ...member.recipe, seed }
}

/** Has glibc keep the buffers of a step for the next one instead of asking the system for fresh, empty pages. */
const keepWarmMemory = { MALLOC_MMAP_THRESHOLD_: '2000000000', MALLOC_TRIM_THRESHOLD_: '4000000000' }

async function trainInChild(each: Run, out: string, work: string): Promise<void> {
  const [, program] = process.argv
  if (!program) throw new FailureError('the program does not know its own path')
  const child = spawn(process.execPath, [program, 'pretrain', '--run', nameOf(each), '--out', out, '--work', work], {
    stdio: 'inherit',
    env: { ...process.env, ...keepWarmMemory }
  })
  const status = await new Promise<number | null>((done) => child.once('exit', done))
  if (status !== 0) throw new FailureError(`training ${nameOf(each)} ended with status ${status}`)
}

async function trainOne(each: Run, out: string, work: string, signal: AbortSignal): Promise<void> {
  const { architecture, checkpoints } = each.member
  const folder = join(work, nameOf(each).replace(':', '-seed-'))
  say(`${nameOf(each)} begins`)
  const plan = { architecture, corpus: currentCorpus, recipe: recipeOf(each) }
  const report = await trainInFolder({
    spec: trainSpec(plan, { count: each.seed === 1 ? checkpoints : 0 }),
    folder,
    backend: nativeBackend(1),
    signal,
    onEvent: (event) => {
      if (event.kind === 'validation')
        say(`${nameOf(each)} step ${event.point.step} loss ${event.point.loss.toFixed(4)}`)
    }
  })
  if (!report) return
  say(`${nameOf(each)} is done in ${report.seconds.toFixed(0)} s: validation ${report.result.loss.toFixed(4)}`)
  if (each.seed === 1) {
    const shipped = (path: string) => !path.endsWith(recordName)
    await cp(folder, join(out, each.member.id), { recursive: true, filter: shipped })
  } else await writeWhole(reportPath(each, out), await readFile(join(folder, 'training.json')))
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
