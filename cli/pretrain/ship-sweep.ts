/** The whole runs of a sweep, put where models are shipped, and the list of all that is there. */
import { dirname, join } from 'node:path'
import { canonicalJson } from '@core/canonical-json'
import { FormatError } from '@core/formats/format-error'
import { jsonOf, jsonText } from '@core/formats/json'
import { parsedBy } from '@core/formats/problems'
import { trainingReportSchema } from '@core/formats/training-report'
import { groupBy } from '@core/group-by'
import { reportName, type TrainSpec, trainSpecSchema } from '@core/lab/kinds/train'
import { z } from 'zod'
import type { ListedRun, SweepFolder } from '../sweep/folder'
import { readIfThere, writeWhole } from '../terminal/files'
import { shipModel, shippedCheckpoints } from './ship'

const studies = 'studies/'

/** A training that is shipped under a name. */
interface Named {
  readonly run: Pick<ListedRun, 'id'>
  readonly name: string
  readonly spec: TrainSpec
  /** Path of its report in the folder of what is shipped. */
  readonly report: string
  /** True when the model is shipped, beside the report. */
  readonly model: boolean
}

/**
 * Puts into `out` what is whole in the folder of a sweep of named trainings and is not there yet, and `index.json`. Throws
 * a `FormatError` for a sweep of others.
 */
export async function shipSweep(
  folder: Pick<SweepFolder, 'readList' | 'finished' | 'runs' | 'pathOf'>,
  out: string
): Promise<void> {
  const all = (await folder.readList()).map(named)
  for (const each of all) {
    const { run, report, model } = each
    if ((await isShipped(each, out)) || !(await folder.finished(run.id))) continue
    const bytes = await folder.runs.files(run.id).read(reportName)
    if (!bytes)
      throw new FormatError(`${folder.pathOf(`runs/${run.id}/${reportName}`)} is missing, though the run is whole`)
    const { steps } = parsedBy(trainingReportSchema, jsonOf(bytes, reportName), `${reportName}: `)
    const path = join(out, report)
    if (model) await shipModel(folder.pathOf(`runs/${run.id}`), dirname(path), steps)
    // The report last: a model that has it is whole.
    await writeWhole(path, bytes)
  }
  await writeWhole(join(out, 'index.json'), jsonText(await indexOf(all, out)))
}

/** Name and path under which a run of a sweep of trainings is shipped. Throws a `FormatError` for one without a name, and of another kind. */
export function named({ id, kind, spec, asked }: Pick<ListedRun, 'id' | 'kind' | 'spec' | 'asked'>): Named {
  if (kind !== 'train') throw new FormatError(`run ${id}: expected a training, found kind '${kind}'`)
  const { name } = parsedBy(z.looseObject({ name: z.string() }), asked, `run ${id}: `)
  const training = parsedBy(trainSpecSchema, spec, `run ${id}: `)
  const { seed } = training.recipe
  const model = !name.startsWith(studies) && seed === 1
  const report = model
    ? `${name}/${reportName}`
    : name.startsWith(studies)
      ? `${name}.json`
      : `${name}/seeds/${seed}.json`
  return { run: { id }, name, spec: training, report, model }
}

/** True when the report of this very training is there. */
async function isShipped({ spec, report: name }: Named, out: string): Promise<boolean> {
  const path = join(out, name)
  const bytes = await readIfThere(path)
  if (bytes === undefined) return false
  const report = trainingReportSchema.safeParse(jsonOf(bytes, path))
  if (!report.success) return false
  const { corpus, recipe } = report.data
  return canonicalJson({ corpus, recipe }) === canonicalJson({ corpus: spec.corpus, recipe: spec.recipe })
}

/** `index.json`: which models and studies are there, with all their reports, because a page cannot list a folder. */
export async function indexOf(all: readonly Named[], out: string) {
  const shipped = await Promise.all(all.map((each) => isShipped(each, out)))
  const there = all.filter((_, i) => shipped[i])
  const byStudy = groupBy(
    there.filter(({ name }) => name.startsWith(studies)),
    ({ name }) => name.split('/')[1] ?? ''
  )
  const models = await Promise.all(
    there
      .filter(({ model }) => model)
      .map(async ({ name: id }) => {
        const checkpoints = await shippedCheckpoints(out, id)
        const reports = there.filter(({ name }) => name === id).map(({ report }) => report)
        return { id, reports, ...(checkpoints.length > 0 ? { checkpoints } : {}) }
      })
  )
  const begun = [...byStudy].map(([id, runs]) => ({ id, reports: runs.map(({ report }) => report) }))
  return { models, ...(begun.length > 0 ? { studies: begun } : {}) }
}
