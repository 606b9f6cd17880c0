/** The figures that built-in stories tell: of the reports that ship with the models, and of what was recorded of them. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Architecture } from '@core/arch/architecture'
import { countParameters } from '@core/arch/count/count'
import { type GalleryModel, readGallery } from '@core/arch/gallery'
import { readConfig } from '@core/arch/runnable'
import { jsonOf } from '@core/formats/json'
import { readModelIndex } from '@core/formats/model-index'
import { readTrainingReport, type TrainingReport } from '@core/formats/training-report'
import { denseFamily, isFamilySize } from '@core/scaling/dense-family'
import { type ModelFacts, modelFacts } from '@core/scaling/facts'

/** A shipped model with the reports of its seeds. */
export interface ShippedModel extends ModelFacts {
  readonly architecture: Architecture
  /** That of the shipped weights first. */
  readonly reports: readonly [TrainingReport, ...TrainingReport[]]
}

/** A result of one of the terminal's commands. */
export interface Recording<T> {
  readonly command: string
  readonly result: T
}

export interface Facts {
  /** Dense models first, each kind by size. */
  readonly models: readonly ShippedModel[]
  /** A shipped model. Throws where there is none of this id. */
  model(id: string): ShippedModel
  /** Reports of a study, in the order of the index. Throws where there is none. */
  study(id: string): readonly TrainingReport[]
  readonly gallery: readonly GalleryModel[]
  /** The answer that `scripts/record-stories.mjs` recorded under a name. Rejects where it recorded none. */
  recording<T>(name: string): Promise<Recording<T>>
}

/** Reads all figures beside a folder of shipped models. Rejects where a file of it is missing. */
export async function readFacts(modelsFolder: string, recordingsFolder: string): Promise<Facts> {
  const index = readModelIndex(await readFile(join(modelsFolder, 'index.json')))
  const reportsOf = (paths: readonly string[]) =>
    Promise.all(paths.map(async (path) => readTrainingReport(await readFile(join(modelsFolder, path)), path)))
  const shipped = await Promise.all(
    index.models.map(async ({ id, reports }) => ({
      id,
      architecture: readConfig(jsonOf(await readFile(join(modelsFolder, id, 'config.json')), `${id}/config.json`)),
      reports: await reportsOf(reports)
    }))
  )
  const family = denseFamily(
    shipped
      .filter(({ architecture }) => isFamilySize(architecture))
      .map(({ id, architecture, reports }) => ({ id, reports, parameters: countParameters(architecture).total }))
  )
  const models = shipped.flatMap(({ id, architecture, reports: [first, ...others] }): ShippedModel[] =>
    first
      ? [{ ...modelFacts(id, architecture, [first, ...others], family), architecture, reports: [first, ...others] }]
      : []
  )
  const studies = new Map(
    await Promise.all(index.studies.map(async ({ id, reports }) => [id, await reportsOf(reports)] as const))
  )
  const gallery = readGallery(jsonOf(await readFile(join(modelsFolder, '../architectures.json')), 'architectures.json'))
  return {
    models: models.sort((a, b) => a.role.localeCompare(b.role) || a.total - b.total || a.id.localeCompare(b.id)),
    model: (id) => models.find((model) => model.id === id) ?? missing(`model '${id}'`),
    study: (id) => studies.get(id) ?? missing(`study '${id}'`),
    gallery,
    recording: async (name) => JSON.parse(await readFile(join(recordingsFolder, `${name}.json`), 'utf8'))
  }
}

function missing(what: string): never {
  throw new Error(`${what} does not ship with this build: a story tells of it`)
}
