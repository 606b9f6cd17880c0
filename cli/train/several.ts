/** Several trainings at the same time, each in a process and a folder of its own. */
import { basename, join } from 'node:path'
import { parseJson } from '@core/formats/json'
import { parsedBy } from '@core/formats/problems'
import { trainingReportSchema } from '@core/formats/training-report'
import { reportName } from '@core/lab/kinds/train'
import { z } from 'zod'
import { forEachAtOnce, runChild } from '../terminal/children'
import { FailureError, InterruptionError, UsageError } from '../terminal/errors'
import { parseJson as parseFile, readExisting } from '../terminal/files'
import { createProgress } from '../terminal/progress'
import type { Terminal } from '../terminal/terminal'

export interface Several {
  /** Path of each spec; the name of its file is that of its run, and of its folder in `out`. */
  readonly specs: readonly string[]
  readonly out: string
  /** Trainings at the same time, at most. */
  readonly jobs: number
  /** Further options of each training, as they are typed. */
  readonly options: readonly string[]
  /** True where the steps are wanted, as JSON lines that name the run. */
  readonly asLines: boolean
}

/** A line of a child, as far as progress is made of it. */
const lineSchema = z.looseObject({
  step: z.int().optional(),
  steps: z.int().optional(),
  loss: z.number().optional()
})

/**
 * Trains all of them, each until its end whatever becomes of the others; what is trained already is not trained again.
 *
 * @throws {UsageError} where two specs have the same name
 * @throws {FailureError} at the end, where one has failed
 * @throws {InterruptionError} once everything is saved
 */
export async function trainSeveral(several: Several, terminal: Terminal): Promise<void> {
  const { specs, out, jobs, options, asLines } = several
  const names = specs.map((spec) => basename(spec, '.json'))
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) {
    throw new UsageError(`two specs are called '${twice}': each needs a name of its own, as its folder in --out has it`)
  }
  const signal = terminal.interruption()
  const progress = createProgress(terminal, `${specs.length} trainings`)
  const done = new Map<string, number>()
  const failed: string[] = []
  const work = async (spec: string) => {
    if (signal.aborted) return
    const name = basename(spec, '.json')
    const listener = {
      output: (line: string) => {
        const value = parsedBy(lineSchema, parseJson(line, `a line of ${name}`), `a line of ${name}: `)
        if (asLines) terminal.write(`${JSON.stringify({ run: name, ...value })}\n`)
        const { step, steps, loss } = value
        if (step === undefined || steps === undefined) return
        done.set(name, step / steps)
        const sum = [...done.values()].reduce((all, each) => all + each, 0)
        progress.update(sum, specs.length, `${name} loss ${loss?.toFixed(3)}`)
      },
      error: (line: string) => {
        progress.end()
        terminal.tell(`${name}: ${line.replace(/^moescope: /, '')}\n`)
      }
    }
    const folder = join(out, name)
    const status = await runChild(terminal, ['train', spec, '--out', folder, '--json', ...options], {
      listener,
      signal
    })
    done.set(name, 1)
    if (status !== 0) failed.push(name)
    else if (!asLines) terminal.write(await endOf(name, folder))
  }
  await forEachAtOnce(jobs, specs, work).finally(progress.end)
  if (signal.aborted) throw new InterruptionError('interrupted; the same command goes on')
  if (failed.length > 0) {
    throw new FailureError(`${failed.length} of ${specs.length} trainings failed: ${failed.join(', ')}`)
  }
}

/** The outcome of a training, in a line. */
async function endOf(name: string, folder: string): Promise<string> {
  const path = join(folder, reportName)
  const { result, floor, seconds } = parseFile(path, await readExisting(path), trainingReportSchema)
  const least = floor ? `, floor ${floor.total.toFixed(3)}` : ''
  return `${name}: loss ${result.loss.toFixed(3)}${least}, trained in ${seconds.toFixed(0)} s\n`
}
