/** `moescope pretrain`: the shipped models, from nothing but this program. */
import { spawn } from 'node:child_process'
import { cp, readFile } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { currentEdition, type Edition } from '@core/corpus'
import { jsonOf, jsonText } from '@core/formats/json'
import { type CorpusSpec, currentCorpus, inEdition, trainingReportSchema } from '@core/formats/training-report'
import { canonicalJson } from '@core/lab/run-id'
import { recordName } from '@core/lab/store'
import { trainSpec } from '@core/lab/train-spec'
import type { FamilyMember } from '@core/train/family'
import { families } from '@core/train/family'
import { FailureError, interruptible, UsageError } from '../terminal/errors'
import { ensureWritableFolder, readIfThere, writeWhole } from '../terminal/files'
import { nativeBackend } from '../terminal/native'
import { oneOf, readOptions, wholeNumber } from '../terminal/options'
import type { Terminal } from '../terminal/terminal'
import { trainInFolder } from '../train/training'

export const help = `usage: moescope pretrain [options]

Trains the family of shipped models. What is done is skipped and what was interrupted goes on, so it can be stopped at
any time.

  --edition N     the family of this edition of the generated corpus: 1 or 2 (default the shipped one)
  --only ID,...   only these models
  --seeds N       at most so many seeds of each (default: as many as the family asks for)
  --jobs N        models trained at the same time, one thread each (default 2); 0 only lists what is there
  --out DIR       where the models go (default assets/models)
  --work DIR      where unfinished runs are kept (default out/pretrain)
`

/** A family to be trained. */
interface Pretraining {
  readonly edition: Edition
  readonly family: readonly FamilyMember[]
  readonly corpus: CorpusSpec
  /** The folder of finished models. */
  readonly out: string
  /** The folder of unfinished runs. */
  readonly work: string
}

interface Run {
  readonly member: FamilyMember
  readonly seed: number
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
  const pretraining: Pretraining = {
    edition,
    family: families[edition],
    corpus: inEdition(currentCorpus, edition),
    out: resolve(values.out),
    work: resolve(values.work)
  }
  if (values.run) {
    const signal = terminal.interruption()
    return interruptible(signal, trainOne(pretraining, runOf(pretraining, values.run), signal))
  }
  const { family, out, work } = pretraining
  for (const folder of [out, work]) await ensureWritableFolder(folder)
  const wanted = values.only?.split(',')
  const unknown = wanted?.find((id) => !family.some((member) => member.id === id))
  if (unknown) throw new UsageError(`no model of the family is called '${unknown}'`)
  const members = family.filter(({ id }) => wanted === undefined || wanted.includes(id))
  const runs = firstSeedsFirst(members, seeds)
  const pending: Run[] = []
  for (const each of runs) if (!(await isDone(pretraining, each))) pending.push(each)
  say(`${runs.length - pending.length} of ${runs.length} runs are done`)
  await writeIndex(pretraining)
  const workers = Array.from({ length: jobs }, async () => {
    for (let next = pending.shift(); next; next = pending.shift()) {
      await trainInChild(pretraining, next)
      await writeIndex(pretraining)
    }
  })
  await Promise.all(workers)
}

/** Writes which models are there, with the reports of all their seeds: a page cannot list a folder. */
async function writeIndex(pretraining: Pretraining): Promise<void> {
  const { family, out } = pretraining
  const models = await Promise.all(
    family.map(async (member) => {
      const seeds = Array.from({ length: member.seeds }, (_, i) => ({ member, seed: i + 1 }))
      const done = await Promise.all(seeds.map((each) => isDone(pretraining, each)))
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

function runOf({ family }: Pretraining, name: string): Run {
  const [id, seed] = name.split(':')
  const member = family.find((each) => each.id === id)
  if (!member || !seed) throw new UsageError(`'${name}' is no run of the family`)
  return { member, seed: Number(seed) }
}

/** The report of a run: beside the weights for the first seed, in `seeds/` for the others, which ship no weights. */
function reportPath({ member, seed }: Run, out: string): string {
  return seed === 1 ? join(out, member.id, 'training.json') : join(out, member.id, 'seeds', `${seed}.json`)
}

async function isDone({ corpus: asked, out }: Pretraining, each: Run): Promise<boolean> {
  const path = reportPath(each, out)
  const bytes = await readIfThere(path)
  if (bytes === undefined) return false
  const report = trainingReportSchema.safeParse(jsonOf(bytes, path))
  if (!report.success) return false
  const { corpus, recipe } = report.data
  return canonicalJson({ corpus, recipe }) === canonicalJson({ corpus: asked, recipe: recipeOf(each) })
}

function recipeOf({ member, seed }: Run) {
  return { ...member.recipe, seed }
}

/** Has glibc keep the buffers of a step for the next one instead of asking the system for fresh, empty pages. */
const keepWarmMemory = { MALLOC_MMAP_THRESHOLD_: '2000000000', MALLOC_TRIM_THRESHOLD_: '4000000000' }

async function trainInChild({ edition, out, work }: Pretraining, each: Run): Promise<void> {
  const [, program] = process.argv
  if (!program) throw new FailureError('the program does not know its own path')
  const options = ['--run', nameOf(each), '--edition', String(edition), '--out', out, '--work', work]
  const child = spawn(process.execPath, [program, 'pretrain', ...options], {
    stdio: 'inherit',
    env: { ...process.env, ...keepWarmMemory }
  })
  const status = await new Promise<number | null>((done) => child.once('exit', done))
  if (status !== 0) throw new FailureError(`training ${nameOf(each)} ended with status ${status}`)
}

async function trainOne({ corpus, out, work }: Pretraining, each: Run, signal: AbortSignal): Promise<void> {
  const { architecture, checkpoints } = each.member
  const folder = join(work, nameOf(each).replace(':', '-seed-'))
  say(`${nameOf(each)} begins`)
  const plan = { architecture, corpus, recipe: recipeOf(each) }
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
